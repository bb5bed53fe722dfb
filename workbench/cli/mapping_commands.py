"""Commands for mappings: propose one for a file, save one that was confirmed, show them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import AsJson, app, current, echo_json, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.ledger.files.fields import Field

mapping_app = typer.Typer(
    help="Say which column of the ERP's files is what, once for all.", rich_markup_mode=None
)
app.add_typer(mapping_app, name="mapping")


class Purpose(StrEnum):
    """What a file holds that comes from the ERP."""

    CUSTOMERS = "customers"
    ENTRIES = "entries"
    AGREEMENTS = "agreements"


class SavedPurpose(StrEnum):
    """What a mapping is for; postings go back to the ERP."""

    CUSTOMERS = "customers"
    ENTRIES = "entries"
    AGREEMENTS = "agreements"
    POSTINGS = "postings"


_Name = Annotated[str, typer.Argument(help="The mapping's name.")]


@mapping_app.command("propose")
@told
def propose_mapping(
    purpose: Annotated[Purpose, typer.Argument(help="What the file holds.")],
    file: Annotated[Path, typer.Argument(help="The ERP's file.")],
    out: Annotated[Path | None, typer.Option(help="A new file for the proposal.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Propose a mapping for a file; nothing is imported and nothing saved."""
    from workbench.ledger.files.mapping_proposal import propose  # noqa: PLC0415  # only when asked

    found = propose(
        file.read_bytes(), name=file.name, purpose=purpose.value, known=_fields(purpose)
    )
    if out is not None:
        if out.exists():
            typer.echo(f"workbench: {out} is there already; nothing was written.", err=True)
            raise typer.Exit(2)
        out.write_text(found.text, encoding="utf-8")
    if as_json:
        questions = [{"code": one.code, "text": one.text()} for one in found.questions]
        echo_json(
            {"text": found.text, "questions": questions, "fingerprint": found.fingerprint}
        )
    elif out is None:
        typer.echo(found.text)
    else:
        for question in found.questions:
            typer.echo(question.text())
        typer.echo(f"The proposal is in {out}. Read it, then save it.")
    raise typer.Exit(0 if found.usable else 1)


@mapping_app.command("save")
@told
def save_mapping(
    purpose: Annotated[SavedPurpose, typer.Argument(help="What it is for.")],
    name: _Name,
    file: Annotated[Path, typer.Argument(help="The mapping, a TOML file.")],
) -> None:
    """Save a mapping that somebody has read; an earlier one of the name stays known."""
    from workbench.ledger.files import mapping, saved_mappings  # noqa: PLC0415  # as above

    if purpose is SavedPurpose.POSTINGS:
        from workbench.ledger.handover.layout import layout_of  # noqa: PLC0415

        layout_of(file)
    else:
        entries = purpose is SavedPurpose.ENTRIES
        mapping.of(file, known=_fields(Purpose(purpose.value)), dimensions=entries)
    text = file.read_text(encoding="utf-8-sig")
    saved_mappings.save(current(), purpose=purpose.value, name=name, text=text)
    typer.echo(f"The mapping {name} for {purpose.value} is saved.")


@mapping_app.command("list")
@told
def list_mappings(*, as_json: AsJson = False) -> None:
    """List the mappings that are saved."""
    from workbench.ledger.files import saved_mappings  # noqa: PLC0415  # only when asked

    with current().read() as reader:
        found = saved_mappings.listing(reader).to_dicts()
    if as_json:
        echo_json(found)
        return
    for row in found:
        typer.echo("{purpose}  {name}  version {versions}, saved by {actor}".format(**row))


@mapping_app.command("show")
@told
def show_mapping(
    purpose: Annotated[SavedPurpose, typer.Argument(help="What it is for.")], name: _Name
) -> None:
    """Print a saved mapping as it was saved last."""
    from workbench.ledger.files import saved_mappings  # noqa: PLC0415  # only when asked

    with current().read() as reader:
        found = saved_mappings.find(reader, purpose=purpose.value, name=name)
    typer.echo(found.text, nl=False)


def _fields(purpose: Purpose) -> Sequence[Field]:
    """What a file of this purpose can say."""
    from workbench.collection import agreements  # noqa: PLC0415  # only when asked
    from workbench.ledger.imports import customers, entry_rows  # noqa: PLC0415  # as above

    return {
        Purpose.CUSTOMERS: customers.FIELDS,
        Purpose.ENTRIES: entry_rows.FIELDS,
        Purpose.AGREEMENTS: agreements.FIELDS,
    }[purpose]
