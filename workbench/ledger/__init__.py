"""Customers, entries, applications, journals and posting: the sub-ledger."""
