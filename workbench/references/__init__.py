"""Payment references and account numbers, one module each."""
