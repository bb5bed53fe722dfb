"""Undo of an import from the ERP, as new rows."""
