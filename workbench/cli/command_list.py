"""Every module of commands, so that importing this one makes the whole command line."""

from __future__ import annotations

from workbench.cli import (
    people_commands,  # noqa: F401  # registers its commands
    take_on_commands,  # noqa: F401  # registers its commands
)
from workbench.cli.app import app

__all__ = ["app"]
