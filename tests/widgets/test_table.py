"""A table: what it shows, hides, finds, sorts and remembers as chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from workbench.store.workspace import Workspace, init
from workbench.widgets.columns import Column, Kind
from workbench.widgets.screen import Screen
from workbench.widgets.table import PAGE, Table
from workbench.widgets.words import OUTCOMES

COLUMNS = (
    Column("outcome", "Outcome", Kind.WORD, 80, OUTCOMES),
    Column("name", "Name"),
    Column("reference", "Reference", Kind.REFERENCE),
    Column("due_date", "Due date", Kind.DATE),
    Column("amount_minor", "Amount", Kind.AMOUNT),
)


def rows(count: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "row": range(count),
            "outcome": ["held" if n % 10 == 0 else "matched" for n in range(count)],
            "name": [f"Customer {n}" for n in range(count)],
            "reference": [f"1000{n:05}" for n in range(count)],
            "due_date": [dt.date(2026, 11, 1 + n % 28) for n in range(count)],
            "amount_minor": [100_000 - n * 25 for n in range(count)],
            "currency": ["DKK"] * count,
        }
    )


@pytest.fixture
def screen(tmp_path: Path) -> Screen:
    workspace: Workspace = init(tmp_path / "ws", company="Nordvand", language="da")
    return Screen(workspace, dt.date(2026, 10, 12), "da", "DKK", "Nordvand")


@pytest.fixture
def table(screen: Screen) -> Callable[..., Table]:
    def made(frame: pl.DataFrame, **more: object) -> Table:
        return Table(
            frame, screen=screen, columns=COLUMNS, key="row", label="Lines",
            facets=("outcome",), total="amount_minor", **more,  # type: ignore[arg-type]
        )  # fmt: skip

    return made


def visible(one: Table) -> int:
    return sum(box.layout.display != "none" for box in one.boxes)


def test_pages(table: Callable[..., Table]) -> None:
    one = table(rows(120))
    assert one.rows.value.count("<tr") == PAGE + 1
    assert visible(one) == PAGE
    assert one.previous.disabled
    one.next.click()
    one.next.click()
    assert visible(one) == 20
    assert one.next.disabled
    assert "Customer 119" in one.rows.value
    assert "Customer 99" not in one.rows.value


def test_an_empty_table(table: Callable[..., Table]) -> None:
    one = table(rows(0))
    assert visible(one) == 0
    assert one.shown.is_empty()
    assert one.previous.disabled
    assert one.next.disabled


def test_what_is_written_is_escaped_masked_and_local(table: Callable[..., Table]) -> None:
    frame = rows(1).with_columns(
        name=pl.lit("<script>010203-1234"), reference=pl.lit("123456789012345")
    )
    shown = table(frame).rows.value
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "010203-1234" not in shown
    assert "123456789012345" not in shown
    assert "1.000,00" in shown
    assert "01.11.2026" in shown
    assert "100000000" in table(rows(1)).rows.value, "our own reference stays whole"


@pytest.mark.parametrize(
    ("text", "found"),
    [("customer 7", [7, *range(70, 80)]), ("998,50", [6]), ("06.11", [5, 33, 61, 89]),
     ("100000042", [42]), (" ", list(range(100))), ("nobody", []), ("%", [])],
)  # fmt: skip
def test_finding(table: Callable[..., Table], text: str, found: list[int]) -> None:
    one = table(rows(100))
    one.search.value = text
    assert one.shown["row"].to_list() == found


def test_a_facet_counts_and_filters(table: Callable[..., Table]) -> None:
    one = table(rows(100))
    facet = one.facets["outcome"]
    assert [value for _, value in facet.options] == ["", "matched", "held"]
    assert [label.rpartition(" ")[2] for label, _ in facet.options[1:]] == ["(90)", "(10)"]
    facet.value = "held"
    assert one.shown["row"].to_list() == list(range(0, 100, 10))
    one.show(rows(5).with_columns(outcome=pl.lit("matched")))
    assert facet.value == "", "a value that is gone filters nothing"
    assert one.shown.height == 5


def test_sorting_goes_up_down_and_back(table: Callable[..., Table]) -> None:
    one = table(rows(60))
    amount = one.heads[4]
    amount.click()
    assert one.shown["row"][0] == 59
    assert amount.description.endswith("▲")
    amount.click()
    assert one.shown["row"][0] == 0
    assert amount.description.endswith("▼")
    amount.click()
    assert one.shown["row"].to_list() == list(range(60))


def test_what_is_chosen_is_remembered_across_pages_and_filters(
    table: Callable[..., Table],
) -> None:
    told: list[int] = []
    one: Table
    one = table(rows(120), on_select=lambda: told.append(one.chosen.height))
    one.boxes[3].value = True
    one.next.click()
    assert not one.boxes[3].value
    one.boxes[0].value = True
    one.search.value = "Customer 7"
    assert one.chosen["row"].to_list() == [3, 50]
    assert "1.986,75" in one.sums.value
    one.previous.click()
    one.search.value = ""
    assert one.boxes[3].value
    one.boxes[3].value = False
    assert one.chosen["row"].to_list() == [50]
    assert told == [1, 2, 1]


def test_choosing_all_shown_takes_every_page_and_only_them(
    table: Callable[..., Table],
) -> None:
    one = table(rows(1000))
    one.facets["outcome"].value = "held"
    one.choose_shown.click()
    assert one.chosen.height == 100
    one.facets["outcome"].value = ""
    one.show(rows(500))
    assert one.chosen.height == 50, "rows that are gone are not chosen any more"
    one.choose_none.click()
    assert one.chosen.is_empty()


def test_a_table_that_is_only_read_has_nothing_to_choose(
    table: Callable[..., Table],
) -> None:
    one = table(rows(3), choosing=False)
    hidden = [one.choose_shown, one.choose_none]
    assert {button.layout.display for button in hidden} == {"none"}
