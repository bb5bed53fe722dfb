"""A practice payment center that answers our files and keeps its own books."""
