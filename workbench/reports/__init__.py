"""What the rooms below know, composed into reports."""
