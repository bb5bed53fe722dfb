"""The commands. Heavy rooms are imported by the command that needs them."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer

if TYPE_CHECKING:
    from workbench.cli.imports import Told
    from workbench.store.workspace import Workspace

app = typer.Typer(
    name="workbench",
    help="Collect, match, post and prove Nordic direct debits.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
import_app = typer.Typer(
    help="Take customers, open entries or agreements from the ERP.", rich_markup_mode=None
)
jobs_app = typer.Typer(help="Run jobs and tend the queue.", rich_markup_mode=None)
practice_app = typer.Typer(help="The practice payment center.", rich_markup_mode=None)
app.add_typer(import_app, name="import")
app.add_typer(jobs_app, name="jobs")
app.add_typer(practice_app, name="practice")

#: Where the global option is kept for the command that runs.
_chosen: dict[str, Path] = {}

P = ParamSpec("P")
R = TypeVar("R")

AsOf = Annotated[
    dt.datetime, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day that is today.")
]
Today = Annotated[
    dt.datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day that is today."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document, nothing else.")]


@app.callback()
def choose(
    workspace: Annotated[
        Path | None,
        typer.Option(help="The company's folder; else WORKBENCH_HOME, else this folder."),
    ] = None,
) -> None:
    """Collect, match, post and prove Nordic direct debits."""
    _chosen["folder"] = workspace or Path(os.environ.get("WORKBENCH_HOME", "."))


def told(command: Callable[P, R]) -> Callable[P, R]:
    """A command whose refusals are sentences, not tracebacks; nothing was changed then."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from workbench.cli.refusals import refusal_of  # noqa: PLC0415  # only to judge

        try:
            return command(*args, **kwargs)
        except Exception as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            typer.echo(f"workbench: {refusal.words.format(error)}", err=True)
            raise typer.Exit(refusal.code) from error

    return run


def current() -> Workspace:
    """The workspace that the user named."""
    from workbench.store.workspace import open_workspace  # noqa: PLC0415

    return open_workspace(_chosen["folder"])


@app.command()
@told
def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    company: Annotated[str, typer.Option(help="The company's name.")] = "",
    language: Annotated[str, typer.Option(help="en, da, nb or sv.")] = "en",
    currency: Annotated[str, typer.Option(help="ISO 4217 code.")] = "DKK",
    setup: Annotated[
        Path | None, typer.Option(help="Collection system and creditors, a TOML file.")
    ] = None,
) -> None:
    """Make a workspace: one folder that holds everything of one company."""
    from workbench.cli.workspaces import make  # noqa: PLC0415

    made = make(folder, company=company, language=language, currency=currency, setup=setup)
    typer.echo(f"A workspace for {made.settings.company} is in {folder}.")


@app.command()
@told
def setup(file: Annotated[Path, typer.Argument(help="A TOML file.")]) -> None:
    """Set up a collection system and its creditors, or bring them up to date."""
    from workbench.collection.setup import install  # noqa: PLC0415

    done = install(current(), file)
    typer.echo(f"{done.system} is set up, creditors: {', '.join(done.creditors)}.")


@app.command()
@told
def demo(
    folder: Annotated[Path, typer.Argument(help="Where the demo company lives.")] = Path(
        "demo"
    ),
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Delete it and start over.")] = False,
    customers: Annotated[int, typer.Option(help="How many customers it has.")] = 2000,
) -> None:
    """Run one month of the demo company, from open entries to a proven report."""
    from workbench.cli.demo import run_demo  # noqa: PLC0415

    raise typer.Exit(run_demo(folder, fresh=fresh, customers=customers, say=typer.echo))


@app.command()
@told
def read(
    file: Annotated[Path, typer.Argument(help="A bank's or a payment center's file.")],
    *,
    as_json: AsJson = False,
    as_jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One JSON document a line.")
    ] = False,
) -> None:
    """Show what a file says, whether its totals agree, and what is wrong with it."""
    from workbench import io  # noqa: PLC0415
    from workbench.reports import reading as report  # noqa: PLC0415

    try:
        content = file.read_bytes()
    except OSError as error:
        typer.echo(f"workbench: {file}: {error.strerror}", err=True)
        raise typer.Exit(2) from error
    found = io.read(content, name=file.name)
    if as_jsonl:
        for line in report.jsonl(found, content=content, name=file.name):
            typer.echo(line)
    elif as_json:
        for piece in report.json_pieces(found, content=content, name=file.name):
            typer.echo(piece, nl=False)
    else:
        typer.echo(report.summary(found, content=content, name=file.name))
    raise typer.Exit(report.exit_code(found))


@app.command()
@told
def verify(
    *,
    as_json: AsJson = False,
    against: Annotated[
        str | None, typer.Option(help="An audit head noted earlier, as a report prints it.")
    ] = None,
) -> None:
    """Find every sum again on both ways, and recompute the audit log."""
    from workbench.reports.verification import table  # noqa: PLC0415
    from workbench.reports.verification import verify as verify_all  # noqa: PLC0415

    workspace = current()
    found = verify_all(workspace, against=against)
    if as_json:
        echo_json(found.as_json())
    else:
        typer.echo(table(found, language=workspace.settings.language))
    raise typer.Exit(0 if found.holds else 1)


@app.command()
@told
def lab(
    workspace: Annotated[Path | None, typer.Argument(help="The company's folder.")] = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="Start, look, stop.")] = False,
    port: Annotated[int | None, typer.Option(help="A port of this machine.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    terminal: Annotated[bool, typer.Option("--terminal", help="Offer a terminal.")] = False,
) -> None:
    """Open the workbench in JupyterLab, on this machine alone."""
    from workbench.widgets import lab as front_door  # noqa: PLC0415

    folder = (workspace or current().folder).resolve()
    _chosen["folder"] = folder
    current()
    if check:
        problems = front_door.check(folder)
        for problem in problems:
            typer.echo(problem, err=True)
        typer.echo("The front door opens." if not problems else "The front door does not open.")
        raise typer.Exit(1 if problems else 0)
    front_door.launch(
        folder, say=typer.echo, port=port, open_browser=browser, terminal=terminal
    )


_Map = Annotated[
    Path | None,
    typer.Option(
        "--map", help="A mapping in TOML, or a saved one's name; else found by the headings."
    ),
]
_ErpFile = Annotated[Path, typer.Argument(help="The ERP's file: CSV, XLSX or Parquet.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing.")]


def _import_command(purpose: str, what: str) -> None:
    @import_app.command(purpose, help=f"Take {what} from the ERP.")
    @told
    def command(
        file: _ErpFile,
        as_of: AsOf,
        mapping: _Map = None,
        *,
        dry_run: _DryRun = False,
        as_json: AsJson = False,
    ) -> None:
        from workbench.cli.imports import import_from_erp  # noqa: PLC0415

        _tell_import(
            import_from_erp(
                current(), purpose, file, mapping=mapping, as_of=as_of.date(), dry_run=dry_run
            ),
            as_json=as_json,
        )


_import_command("customers", "customers")
_import_command("agreements", "agreements")


@import_app.command("entries")
@told
def import_entries(
    file: _ErpFile,
    as_of: AsOf,
    mapping: _Map = None,
    *,
    full: Annotated[
        bool,
        typer.Option("--full/--delta", help="All that is open as of the day, or only some."),
    ] = False,
    dry_run: _DryRun = False,
    effects: Annotated[
        Path | None, typer.Option(help="Write every effect, as .csv or .parquet.")
    ] = None,
    confirm: Annotated[
        str,
        typer.Option(help="Why a full file may close most of what is open; it is kept."),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Take open entries from the ERP, and compare known ones with what it shows."""
    from workbench.cli.imports import import_from_erp  # noqa: PLC0415

    done = import_from_erp(
        current(), "entries", file,
        mapping=mapping, as_of=as_of.date(), dry_run=dry_run, full=full, effects=effects,
        confirmed=confirm,
    )  # fmt: skip
    _tell_import(done, as_json=as_json)


def _tell_import(done: Told, *, as_json: bool) -> None:
    if as_json:
        echo_json(done.document)
    else:
        typer.echo(done.words)
    raise typer.Exit(done.code)


@jobs_app.command("run")
@told
def jobs_run(
    name: Annotated[
        str | None, typer.Argument(help="A job; all that are due if absent.")
    ] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", help="key=value, repeatable.")
    ] = None,
    as_of: Today = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Run one job now, or make one pass over the queue."""
    from workbench.cli.jobs import run_due, run_named  # noqa: PLC0415

    workspace = current()
    if name is None:
        results = run_due(workspace)
    else:
        day = as_of.date() if as_of else None
        results = [run_named(workspace, name, parameter or [], as_of=day)]
    if as_json:
        documents = [result.document for result in results]
        echo_json(documents if name is None else documents[0])
    else:
        for result in results:
            typer.echo(result.words)
    raise typer.Exit(max((result.code for result in results), default=0))


@jobs_app.command("list")
@told
def jobs_list() -> None:
    """Show the queue's entries and the last runs."""
    from workbench.cli.jobs import listing  # noqa: PLC0415

    typer.echo(listing(current()))


@jobs_app.command("add")
@told
def jobs_add(
    job: Annotated[str, typer.Argument(help="A job.")],
    start: Annotated[str, typer.Option(help="First start of the day, HH:MM.")],
    minutes: Annotated[int | None, typer.Option(help="Minutes between starts.")] = None,
    end: Annotated[str | None, typer.Option(help="Last start of the day, HH:MM.")] = None,
    weekdays: Annotated[str, typer.Option(help="Monday is 1.")] = "12345",
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", help="key=value, repeatable.")
    ] = None,
) -> None:
    """Add an entry to the queue; it is inactive until it is activated."""
    from workbench.cli.jobs import add  # noqa: PLC0415

    typer.echo(
        add(
            current(), job, start=start, minutes=minutes, end=end, weekdays=weekdays,
            parameters=parameter or [],
        )
    )  # fmt: skip


@jobs_app.command("activate")
@told
def jobs_activate(
    entry: Annotated[int, typer.Argument(help="The entry's number.")],
    *,
    off: Annotated[bool, typer.Option("--off", help="Deactivate instead.")] = False,
) -> None:
    """Let an entry of the queue start by itself, or stop that."""
    from workbench.cli.jobs import activate  # noqa: PLC0415

    typer.echo(activate(current(), entry, active=not off))


@jobs_app.command("serve")
@told
def jobs_serve(
    seconds: Annotated[int, typer.Option(help="Between looks at the queue.")] = 30,
) -> None:
    """Stay, and run what is due, until stopped."""
    from workbench.cli.jobs import stay  # noqa: PLC0415

    stay(current(), seconds=seconds)


@practice_app.command("answer")
@told
def practice_answer(
    as_of: AsOf,
    seed: Annotated[int, typer.Option(help="Another seed, another month.")] = 20261012,
) -> None:
    """Let the practice center answer what lies in the outbox, up to a day."""
    from workbench.practice.center import answer  # noqa: PLC0415

    workspace = current()
    done = answer(
        workspace.outbox,
        workspace.inbox,
        workspace.folder.with_name(f"{workspace.folder.name}-practice"),
        as_of=as_of.date(),
        seed=seed,
    )
    typer.echo(f"Deliveries fetched: {len(done.fetched)}. Files sent: {len(done.written)}.")
    for path in done.written:
        typer.echo(f"  {path}")


def echo_json(document: Any) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1, default=str))
