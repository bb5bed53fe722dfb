"""A table that people sort, filter, leaf through and choose rows in.

The rows of a page are one HTML table beside one checkbox a row; sorting and filtering
happen here, on the whole frame, so a page costs the same however long the table is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from threading import RLock

import ipywidgets as widgets
import polars as pl

from workbench.model.texts import marked
from workbench.widgets.columns import Column
from workbench.widgets.screen import Screen
from workbench.widgets.view import View

#: Rows on a page.
PAGE = 50

_ROW_PX = 28
_ALL = ""


class Table:
    """The rows of a frame, as a person looks at them.

    Attributes:
        view: The widget.
        lock: Shared with whatever else works on the same screen.
    """

    def __init__(
        self,
        frame: pl.DataFrame,
        *,
        screen: Screen,
        columns: Sequence[Column],
        key: str,
        label: str,
        facets: Sequence[str] = (),
        total: str | None = None,
        on_select: Callable[[], None] | None = None,
        lock: RLock | None = None,
        choosing: bool = True,
    ) -> None:
        """Build the table.

        Args:
            frame: Its rows; has `key`, the columns, and `currency` where amounts are shown.
            key: A column of unique whole numbers: what is chosen is remembered by it.
            label: What the table holds, for those who do not see it; marked.
            facets: Columns of kind WORD that get a choice of their values.
            total: The amount that is summed below the table.
            on_select: Called, under the lock, after the choice changed.
            lock: That of the screen; one of its own when absent.
            choosing: Whether rows can be chosen; without, the table is only read.
        """
        self.screen = screen
        self.lock = lock or RLock()
        self._view = View(frame, columns=tuple(columns), key=key, screen=screen)
        self._label = screen.say(label)
        self._total = total
        self._on_select = on_select
        self._choosing = choosing
        self._page = 0
        self._quiet = False
        self._build(facets)
        self._draw()

    @property
    def frame(self) -> pl.DataFrame:
        """All rows, whatever the filter shows."""
        return self._view.frame

    @property
    def shown(self) -> pl.DataFrame:
        """The rows that the filter leaves, in their order, of all pages."""
        return self._view.rows

    @property
    def chosen(self) -> pl.DataFrame:
        """The chosen rows, as they are shown now, whatever the filter says."""
        return self._view.chosen

    def show(self, frame: pl.DataFrame) -> None:
        """Show other rows; filter and order stay, and what is chosen, where it still exists."""
        with self.lock:
            self._view.replace(frame)
            with self._silence():
                for name, facet in self.facets.items():
                    self._offer(name, facet)
            self._filter()

    def choose(self, keys: Sequence[int]) -> None:
        """Choose exactly these rows."""
        with self.lock:
            self._view.choose(keys)
            self._draw()
            self._tell()

    def _build(self, facets: Sequence[str]) -> None:
        say = self.screen.say
        self.search = widgets.Text(
            placeholder=say("Find …"), continuous_update=False,
            layout=widgets.Layout(width="16rem"),
        )  # fmt: skip
        self.search.tooltip = say("Part of a text, or a whole amount")
        self.search.observe(lambda _: self._filtered(), "value")
        self.facets: dict[str, widgets.Dropdown] = {}
        for name in facets:
            facet = widgets.Dropdown(layout=widgets.Layout(width="max-content"))
            self.facets[name] = facet
            with self._silence():
                self._offer(name, facet)
            facet.observe(lambda _: self._filtered(), "value")
        self.choose_shown = self._button(marked("Choose all shown"), self._choose_shown)
        self.choose_none = self._button(marked("Choose none"), lambda: self.choose([]))
        self.previous = self._button("←", lambda: self._turn(-1))
        self.next = self._button("→", lambda: self._turn(1))
        self.previous.tooltip = say("Page before")
        self.next.tooltip = say("Next page")
        self.place = widgets.HTML()
        self.sums = widgets.HTML()
        self.boxes = [self._box(n) for n in range(PAGE)]
        self.heads = [self._head(column) for column in self._view.columns]
        self.rows = widgets.HTML()
        self.view = self._arranged()

    def _arranged(self) -> widgets.VBox:
        shown = "" if self._choosing else "none"
        gutter = widgets.Layout(width="28px", flex="0 0 28px", overflow="hidden", display=shown)
        for button in (self.choose_shown, self.choose_none):
            button.layout.display = shown
        corner = widgets.HTML(layout=gutter)
        heads = widgets.HBox([corner, *self.heads])
        heads.add_class("wb-columns")
        boxes = widgets.VBox(self.boxes, layout=gutter)
        boxes.add_class("wb-boxes")
        self.rows.add_class("wb-rows")
        body = widgets.VBox([heads, widgets.HBox([boxes, self.rows])])
        body.add_class("wb-scroll")
        top = widgets.HBox([self.search, *self.facets.values(), self.place])
        foot = widgets.HBox(
            [self.previous, self.next, self.choose_shown, self.choose_none, self.sums]
        )
        for bar in (top, foot):
            bar.layout.align_items = "center"
            bar.layout.flex_flow = "row wrap"
            bar.add_class("wb-bar")
        whole = widgets.VBox([top, body, foot])
        whole.add_class("wb-table")
        return whole

    def _box(self, position: int) -> widgets.Checkbox:
        box = widgets.Checkbox(
            indent=False, layout=widgets.Layout(width="24px", height=f"{_ROW_PX}px")
        )
        box.observe(lambda _: self._ticked(position), "value")
        return box

    def _head(self, column: Column) -> widgets.Button:
        px = f"{column.width}px"
        button = widgets.Button(
            layout=widgets.Layout(width=px, flex=f"0 0 {px}", margin="0"),
            tooltip=self.screen.say("Sort by this column"),
        )
        if column.is_number:
            button.add_class("wb-number-head")
        button.on_click(lambda _: self._sort(column.name))
        return button

    def _button(self, label: str, click: Callable[[], None]) -> widgets.Button:
        button = widgets.Button(
            description=self.screen.say(label), layout=widgets.Layout(width="max-content")
        )
        button.on_click(lambda _: click())
        return button

    def _offer(self, name: str, facet: widgets.Dropdown) -> None:
        """The values of a facet with their counts; the chosen one stays where it can."""
        chosen = facet.value
        label = self.screen.say(self._view.column(name).label)
        every = self.screen.say("{column}: all", column=label)
        facet.options = [(every, _ALL), *self._view.values(name)]
        facet.value = chosen if chosen in [value for _, value in facet.options] else _ALL

    def _filtered(self) -> None:
        with self.lock:
            if not self._quiet:
                self._page = 0
                self._filter()

    def _filter(self) -> None:
        chosen = {name: facet.value for name, facet in self.facets.items() if facet.value}
        self._view.filter(self.search.value, chosen)
        self._draw()

    def _sort(self, name: str) -> None:
        with self.lock:
            self._view.sort(name)
            self._draw()

    def _turn(self, pages: int) -> None:
        with self.lock:
            self._page += pages
            self._draw()

    def _ticked(self, position: int) -> None:
        with self.lock:
            page = self._page_rows()
            if self._quiet or position >= page.height:
                return
            self._view.tick(page[self._view.key][position], chosen=self.boxes[position].value)
            self._draw()
            self._tell()

    def _choose_shown(self) -> None:
        self.choose(self._view.rows[self._view.key].to_list())

    def _tell(self) -> None:
        if self._on_select is not None:
            self._on_select()

    def _page_rows(self) -> pl.DataFrame:
        return self._view.rows.slice(self._page * PAGE, PAGE)

    def _draw(self) -> None:
        pages = max(1, -(-self._view.rows.height // PAGE))
        self._page = min(max(self._page, 0), pages - 1)
        page = self._page_rows()
        with self._silence():
            for box, key in zip(self.boxes, page[self._view.key], strict=False):
                box.value = self._view.is_chosen(key)
            for position, box in enumerate(self.boxes):
                box.layout.display = "" if position < page.height else "none"
        for head, column in zip(self.heads, self._view.columns, strict=True):
            head.description = f"{self.screen.say(column.label)}{self._view.arrow(column.name)}"
        self.rows.value = self._markup(page)
        self.previous.disabled = self._page == 0
        self.next.disabled = self._page == pages - 1
        self.place.value = escape(self._place(pages))
        self.sums.value = escape(self._sums())

    def _markup(self, page: pl.DataFrame) -> str:
        heads = "".join(f'<th scope="col">{escape(self.screen.say(c.label))}</th>'
                        for c in self._view.columns)  # fmt: skip
        widths = "".join(f'<col style="width:{c.width}px">' for c in self._view.columns)
        body = "".join(self._row(row) for row in page.iter_rows(named=True))
        if page.is_empty():
            nothing = escape(self.screen.say("No lines."))
            body = f'<tr><td colspan="{len(self.heads)}" class="wb-dim">{nothing}</td></tr>'
        label = escape(self._label)
        whole = sum(column.width for column in self._view.columns)
        return (
            f'<table class="wb-grid" style="width:{whole}px" aria-label="{label}">'
            f"<colgroup>{widths}</colgroup><thead><tr>{heads}</tr></thead>"
            f"<tbody>{body}</tbody></table>"
        )

    def _row(self, row: dict[str, object]) -> str:
        currency = str(row.get("currency") or self.screen.currency)
        cells = [
            c.cell(row[c.name], self.screen, currency=currency) for c in self._view.columns
        ]
        chosen = ' class="wb-chosen"' if self._view.is_chosen(row[self._view.key]) else ""
        return f"<tr{chosen}>{''.join(cell.markup(title=True) for cell in cells)}</tr>"

    def _place(self, pages: int) -> str:
        rows, number = self._view.rows.height, self.screen.numbers.integer
        shown = self.screen.counted(
            "{count} line of {all}", "{count} lines of {all}", rows,
            all=number(self._view.frame.height),
        )  # fmt: skip
        page = self.screen.say(
            "page {page} of {pages}", page=number(self._page + 1), pages=number(pages)
        )
        return f"{shown} · {page}" if pages > 1 else shown

    def _sums(self) -> str:
        shown = self.screen.say("Shown: {sum}", sum=self.total_of(self._view.rows))
        chosen = self._view.chosen
        if chosen.is_empty():
            return shown if self._total else ""
        picked = self.screen.counted("{count} chosen", "{count} chosen", chosen.height)
        return f"{shown} · {picked}: {self.total_of(chosen)}" if self._total else picked

    def total_of(self, rows: pl.DataFrame) -> str:
        """The sum of rows, per currency, as it is written."""
        if self._total is None:
            return ""
        sums = rows.group_by("currency").agg(pl.col(self._total).sum()).sort("currency")
        known = [(c or self.screen.currency, s) for c, s in sums.iter_rows()]
        return " + ".join(self.screen.money(s, c) for c, s in known) or self.screen.money(0)

    @contextmanager
    def _silence(self) -> Iterator[None]:
        """What changes within comes from us, not from the reader."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False
