"""The command that tells the story of a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import AsJson, app, current, echo_json, told

if TYPE_CHECKING:
    from workbench.reports.story import Story
    from workbench.reports.story_subjects import AmbiguousNumberError

#: A moment without its seconds.
_MINUTES = 16


@app.command()
@told
def why(
    number: Annotated[
        str,
        typer.Argument(
            help="A document, a reference, a bank reference, a delivery, a customer, a "
            "hand-over or a file; or payment#17 for a row."
        ),
    ],
    language: Annotated[
        str | None, typer.Option(help="en, da, nb or sv; the company's if absent.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Tell the story of a number, from the ERP's row to the posting and the person."""
    from workbench.model.texts import LANGUAGES  # noqa: PLC0415  # only when asked
    from workbench.reports.story import story  # noqa: PLC0415  # heavy
    from workbench.reports.story_subjects import AmbiguousNumberError  # noqa: PLC0415  # heavy

    workspace = current()
    spoken = language or workspace.settings.language
    if spoken not in LANGUAGES:
        raise typer.BadParameter(", ".join(LANGUAGES), param_hint="--language")
    try:
        with workspace.read() as reader:
            found = story(reader, number, language=spoken)
    except AmbiguousNumberError as error:
        _say_what_it_could_be(error, number, language=spoken, as_json=as_json)
        raise typer.Exit(1) from error
    if as_json:
        echo_json(_document(found))
    else:
        for line in _lines(found):
            typer.echo(line)


def _say_what_it_could_be(
    error: AmbiguousNumberError, number: str, *, language: str, as_json: bool
) -> None:
    from workbench.model.texts import translate  # noqa: PLC0415  # only when asked

    if as_json:
        subjects = [{"key": s.key, "words": s.words} for s in error.subjects]
        echo_json({"number": number, "subject": None, "could_be": subjects, "sentences": []})
        return
    said = translate("{number} may be several things; name one of them:", language=language)
    typer.echo(said.format(number=number))
    for subject in error.subjects:
        typer.echo(f"  {subject.key:<16} {subject.words}")


def _document(found: Story) -> dict[str, object]:
    return {
        "subject": {"key": found.subject.key, "words": found.subject.words},
        "sentences": [
            {
                "at": sentence.at or None,
                "actor": sentence.actor or None,
                "kind": sentence.kind,
                "words": sentence.words,
                "text": sentence.text,
                "params": dict(sentence.params),
                "table": sentence.table,
                "row": sentence.row_id,
            }
            for sentence in found.sentences
        ],
    }


def _lines(found: Story) -> list[str]:
    lines = [found.subject.words, ""]
    for sentence in found.sentences:
        when = sentence.at.replace("T", " ")[:_MINUTES]
        place = f"[{sentence.table} {sentence.row_id}]"
        lines.append(f"{when:<{_MINUTES}}  {sentence.actor:<8}  {sentence.words}  {place}")
    return lines
