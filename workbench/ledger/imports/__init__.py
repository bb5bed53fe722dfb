"""What a file of the ERP does: compared, previewed, accepted, decided."""
