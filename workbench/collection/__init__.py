"""Collection systems, agreements, the journal, deliveries and payments."""
