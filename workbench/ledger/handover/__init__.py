"""The way back to the ERP: numbered deliveries, each posting once."""
