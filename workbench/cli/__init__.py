"""The command line: argument parsing, and one call each."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the `workbench` command; `--workspace` may stand before or after the command."""
    from workbench.cli.command_list import app  # noqa: PLC0415  # only when a command runs

    app(args=hoisted(sys.argv[1:]))


def hoisted(arguments: list[str]) -> list[str]:
    """The arguments with `--workspace FOLDER` in front, wherever it stood.

    >>> hoisted(["read", "FILE", "--workspace", "demo"])
    ['--workspace', 'demo', 'read', 'FILE']
    """
    rest: list[str] = []
    front: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            return [*front, *rest, argument, *waiting]
        if argument == "--workspace":
            front += [
                argument,
                *(value for value in [next(waiting, None)] if value is not None),
            ]
        elif argument.startswith("--workspace="):
            front.append(argument)
        else:
            rest.append(argument)
    return [*front, *rest]
