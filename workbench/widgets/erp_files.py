"""The files of the ERP: those that lie in the inbox, and one that a person brings."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import ipywidgets as widgets

from workbench.model.texts import marked
from workbench.transport import folder
from workbench.widgets.desk import Desk
from workbench.widgets.faults import NotReadyError
from workbench.widgets.screen import Screen

#: Where the ERP's files wait, beside those of the payment center.
FOLDER = "erp"

#: What a name that comes with a file may keep; the rest never becomes a path.
_STRANGE = re.compile(r"[^\w.\- ]")


class ErpFiles:
    """A choice among the files in `inbox/erp`, and a button that brings one there.

    Attributes:
        view: The widget.
        file: The name of the chosen file; None when there is none.
        upload: Brings a file from the reader's machine.
    """

    def __init__(
        self,
        screen: Screen,
        desk: Desk,
        *,
        suffixes: tuple[str, ...],
        changed: Callable[[], None] | None = None,
    ) -> None:
        """Build the choice.

        Args:
            screen: The company and its words.
            desk: Where faults are told.
            suffixes: Of the files that are meant, such as `.csv`.
            changed: Called when another file was chosen.
        """
        self._screen = screen
        self._desk = desk
        self._suffixes = suffixes
        self._changed = changed or (lambda: None)
        self.file = widgets.Dropdown(
            description=screen.say(marked("File")), layout=widgets.Layout(width="34rem")
        )
        self.upload = widgets.FileUpload(
            accept=",".join(suffixes), multiple=False,
            description=screen.say(marked("Bring a file …")),
            layout=widgets.Layout(width="max-content"),
        )  # fmt: skip
        self.view = widgets.HBox([self.file, self.upload])
        self.file.observe(lambda _: desk.quietly(self._changed), "value")
        self.upload.observe(lambda _: desk.quietly(self._brought), "value")

    @property
    def folder(self) -> Path:
        """Where the ERP's files wait."""
        return self._screen.workspace.inbox / FOLDER

    @property
    def path(self) -> Path:
        """The chosen file.

        Raises:
            NotReadyError: None is chosen.
        """
        if self.file.value is None:
            raise NotReadyError(self._screen.say(marked("Choose a file of the ERP first.")))
        return self.folder / str(self.file.value)

    def refresh(self) -> None:
        """Offer what lies there now, the newest first; what was chosen stays chosen."""
        chosen = self.file.value
        found = [
            path for path in self.folder.glob("*")
            if path.is_file() and path.suffix.lower() in self._suffixes
        ]  # fmt: skip
        found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        names = [path.name for path in found]
        if list(self.file.options) != names:
            self.file.options = names
            self.file.value = chosen if chosen in names else (names[0] if names else None)

    def _brought(self) -> None:
        """Keep a file that was brought, under a name of harmless characters."""
        brought = list(self.upload.value)
        if not brought:
            return
        name = _STRANGE.sub("_", Path(str(brought[0]["name"])).name).lstrip(".") or "file"
        content = bytes(brought[0]["content"])
        self.upload.value = ()
        if (self.folder / name).exists() and (self.folder / name).read_bytes() != content:
            taken = self._screen.say(
                marked("Another file named {name} lies there; rename yours."), name=name
            )
            self._desk.tell(taken, tone="bad")
            return
        folder.release(folder.prepare(self.folder, name, content))
        self.refresh()
        self.file.value = name
        told = self._screen.say(marked("{name} lies in the inbox now."), name=name)
        self._desk.tell(told, tone="good")
