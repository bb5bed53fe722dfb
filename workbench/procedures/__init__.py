"""The guided month procedure."""
