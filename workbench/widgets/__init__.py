"""What a notebook shows: tables, decisions and proofs."""
