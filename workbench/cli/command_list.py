"""Every module of commands, so that importing this one makes the whole command line."""

from __future__ import annotations

from workbench.cli import (
    backup_commands,  # noqa: F401  # registers its commands
    erp_commands,  # noqa: F401  # registers its commands
    export_commands,  # noqa: F401  # registers its commands
    ledger_setup_commands,  # noqa: F401  # registers its commands
    list_commands,  # noqa: F401  # registers its commands
    mapping_commands,  # noqa: F401  # registers its commands
    people_commands,  # noqa: F401  # registers its commands
    period_commands,  # noqa: F401  # registers its commands
    practice_commands,  # noqa: F401  # registers its commands
    retention_commands,  # noqa: F401  # registers its commands
    settlement_commands,  # noqa: F401  # registers its commands
    take_on_commands,  # noqa: F401  # registers its commands
    why_commands,  # noqa: F401  # registers its commands
)
from workbench.cli.app import app

__all__ = ["app"]
