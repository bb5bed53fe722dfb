"""The Collection Workbench: direct-debit collections, reconciled and proven."""

__version__ = "0.1.0"
