"""The command that takes over from a predecessor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import AsJson, AsOf, app, current, echo_json, told
from workbench.model.texts import marked, translate, translate_plural

if TYPE_CHECKING:
    from workbench.collection.take_on_parts import Part

#: What came of a part, by outcome.
_OUTCOMES = {
    "accepted": marked("taken on"),
    "dry_run": marked("would be taken on"),
    "read_before": marked("taken on before; nothing was changed"),
    "unchanged": marked("stands there already; nothing was changed"),
    "refused": marked("refused; nothing of it was changed"),
}

#: What is counted, by name.
_COUNTS = {
    "new": marked("new"),
    "equal": marked("equal"),
    "changed": marked("changed"),
    "lines": marked("collections"),
    "settled": marked("paid before"),
    "linked": marked("tied to their entries"),
    "unlinked": marked("without entries"),
    "left_out": marked("left out"),
    "stopped": marked("entries put on hold"),
}

#: So many problems of a file are printed; the rest is counted.
_PROBLEMS_MOST = 20


@app.command("take-on")
@told
def take_on(
    parts: Annotated[
        list[Path], typer.Argument(help="Folders with a take-on.toml, or TOML files.")
    ],
    as_of: AsOf,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Try it in a copy; change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take over from a predecessor: what it sent, its open entries, its counters."""
    from workbench.collection.take_on import take_on as take  # noqa: PLC0415  # heavy

    workspace = current()
    language = workspace.settings.language
    done: list[Part] = []
    for path in parts:
        taken = take(workspace, path, as_of=as_of.date(), dry_run=dry_run)
        done += taken.parts
        if not taken.clean:
            break
    if as_json:
        echo_json({"parts": [_document(part, language) for part in done]})
    else:
        for part in done:
            typer.echo("\n".join(_words(part, language)))
    raise typer.Exit(0 if all(part.clean for part in done) else 1)


def _document(part: Part, language: str) -> dict[str, object]:
    return {
        "kind": part.kind,
        "name": part.name,
        "outcome": part.outcome,
        "counts": dict(part.counts),
        "amounts": dict(part.amounts),
        "problems": [problem.as_json(language=language) for problem in part.problems],
    }


def _words(part: Part, language: str) -> list[str]:
    from workbench.documents.locale_format import locale_format  # noqa: PLC0415  # heavy

    def word(words: dict[str, str], name: str) -> str:
        return translate(words[name], language=language) if name in words else name

    notation = locale_format(language)
    said = [
        f"{word(_COUNTS, name)}: {notation.integer(count)}"
        for name, count in part.counts.items()
        if count
    ]
    said += [notation.money(amount, currency) for currency, amount in part.amounts.items()]
    lines = [f"{part.name}: {word(_OUTCOMES, part.outcome)}. {', '.join(said)}".rstrip()]
    if part.rolled is not None:
        lines.append(f"  {part.rolled.words(language)}")
    lines += [
        f"  {problem.place()}: {problem.message(language=language)} "
        f"{problem.advice(language=language)}"
        for problem in part.problems[:_PROBLEMS_MOST]
    ]
    more = len(part.problems) - _PROBLEMS_MOST
    if more > 0:
        said_more = translate_plural(
            "… and {count} more.", "… and {count} more.", number=more, language=language
        )
        lines.append(f"  {said_more.format(count=notation.integer(more))}")
    return lines
