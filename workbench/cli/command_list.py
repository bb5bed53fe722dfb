"""Every module of commands, so that importing this one makes the whole command line."""

from __future__ import annotations

from workbench.cli.app import app

__all__ = ["app"]
