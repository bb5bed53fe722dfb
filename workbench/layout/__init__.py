"""The declared-record machine: one declaration reads, writes, validates and documents."""
