"""Settlement by hand: entries applied to each other, and taken back."""
