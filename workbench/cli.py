"""The command line: argument parsing, and one call each."""

from __future__ import annotations


def main() -> None:
    """Run the `workbench` command."""
