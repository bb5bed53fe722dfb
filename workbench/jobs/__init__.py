"""The job queue: parameterized notebooks, run and recorded."""
