"""A context in, PDF or HTML bytes out."""
