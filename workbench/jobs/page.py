"""The page of a run: its executed notebook for people who read, without code.

The page carries everything in itself. A policy in its head forbids scripts and anything
from outside, so what a notebook displays cannot bring either.
"""

from __future__ import annotations

import copy
import html
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbconvert.exporters.html import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config

from workbench.jobs.execution import packaged_cells
from workbench.model.masking import mask
from workbench.model.prose import localized
from workbench.store.archive import sync_folder, write_through

#: What a page can show, richest first; of a widget only the HTML that it may bring.
_SHOWN = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/plain")
_WIDGET = "application/vnd.jupyter.widget-view+json"

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"

_STYLE = """\
body{font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;color:#1c2733;
max-width:72rem;margin:2rem auto;padding:0 1.5rem}
header{border-bottom:2px solid #1c2733;margin-bottom:1.5rem;padding-bottom:.75rem}
header p,footer{color:#51606e;font-size:.85rem;margin:.25rem 0}
header .message{color:#a11220;font-weight:600}
h1{font-size:1.6rem;margin:.5rem 0}h2{font-size:1.2rem}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.5rem 0}
th,td{border-bottom:1px solid #d5dce3;padding:.25rem .75rem;text-align:left}
pre{white-space:pre-wrap;font:inherit;margin:.25rem 0}
img,svg{max-width:100%}footer{border-top:1px solid #d5dce3;margin-top:2rem}
@media print{body{margin:0;max-width:none}}
"""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above and below the notebook.

    Attributes:
        lines: Facts of the run, one a line.
        message: Why it failed; empty otherwise.
        foot: What identifies the page.
    """

    title: str
    lines: tuple[str, ...]
    message: str
    foot: str


def write_page(notebook: Path, head: Head, path: Path, *, language: str) -> None:
    """Write the page under its name only once all of it is on the disk."""
    executed = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]  # no types
    unfinished = path.with_name(f"{path.name}.part")
    write_through(unfinished, page(executed, head, language=language).encode())
    unfinished.replace(path)
    sync_folder(path.parent)


def page(notebook: NotebookNode, head: Head, *, language: str) -> str:
    """The whole page as HTML."""
    said = nbformat.from_dict(  # type: ignore[no-untyped-call]  # no types
        localized(notebook, language=language)
    )
    body, _ = _exporter().from_notebook_node(_readable(said))
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in head.lines)
    message = f'<p class="message">{html.escape(head.message)}</p>' if head.message else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{html.escape(head.title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><header>{lines}{message}</header>\n<main>{body}</main>\n"
        f"<footer>{html.escape(head.foot)}</footer></body></html>\n"
    )


def _exporter() -> HTMLExporter:
    """The exporter that yields cells only: no scripts, styles or fonts from elsewhere."""
    hidden = ("input", "input_prompt", "output_prompt", "anchor_links")
    return HTMLExporter(  # type: ignore[no-untyped-call]  # traitlets
        template_name="basic",
        config=Config({"HTMLExporter": {f"exclude_{part}": True for part in hidden}}),
    )


def _readable(notebook: NotebookNode) -> NotebookNode:
    """A copy without what only a programmer reads: it stays in the executed notebook."""
    shown = copy.deepcopy(notebook)
    shown.cells = packaged_cells(shown)
    shown.metadata.pop("widgets", None)
    for cell in shown.cells:
        if cell.cell_type == "code":
            cell.outputs = [kept for output in cell.outputs if (kept := _shown(output))]
    return shown


def _shown(output: NotebookNode) -> NotebookNode | None:
    """One output as the page shows it; None when it does not.

    A traceback and a warning quote code, so only an error's name and words remain.
    """
    if output.output_type == "error":
        output.traceback = [mask(f"{output.ename}: {output.evalue}")]
        return output
    if output.output_type == "stream":
        return output if output.name == "stdout" else None
    if _WIDGET in output.data:
        output.data.pop("text/plain", None)
    output.data = {kind: output.data[kind] for kind in _SHOWN if kind in output.data}
    return output if output.data else None
