"""Bank file formats, one module each."""
