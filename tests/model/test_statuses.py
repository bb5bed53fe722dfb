from __future__ import annotations

from itertools import product

import pytest

from workbench.model.statuses import LEGAL, LEGAL_AFTER_SENDING, Outcome, Status, is_legal

# One row per status that can be left, one mark per status in the order of COLUMNS:
# x is always legal, s only after sending.
COLUMNS = [
    "created", "valid", "error", "approved", "signed", "sent", "in_process", "collected",
    "paid", "center_error", "rejected", "agreement_cancelled", "reversed", "stopped",
]  # fmt: skip
TABLE = {
    "created":             ". x x . . . . . . . . . . x",
    "valid":               "x . . x . . . . . . . . . x",
    "error":               "x . . . . . . . . . . . . .",
    "approved":            "x . . . x x . . . . . . . x",
    "signed":              "x . . . . x . . . . . . . x",
    "sent":                ". . . . . . x . x x x x . x",
    "in_process":          ". . . . . . . x x x x x . x",
    "collected":           ". . . . . . . . x . x x . .",
    "paid":                ". . . . . . . . . . . . x .",
    "center_error":        ". . . . . . . . . . . . . .",
    "rejected":            ". . . . . . . . . . . . . .",
    "agreement_cancelled": ". . . . . . . . . . . . . .",
    "reversed":            ". . . . . . . . x . . . . .",
    "stopped":             ". . . . . . . . s . s . . .",
}  # fmt: skip
MARKS = {
    (start, end): mark
    for start, row in TABLE.items()
    for end, mark in zip(COLUMNS, row.split(), strict=True)
}


def test_the_table_names_every_status() -> None:
    assert set(COLUMNS) == set(TABLE) == {str(status) for status in Status}


@pytest.mark.parametrize(("start", "end"), list(product(Status, repeat=2)))
@pytest.mark.parametrize("sent", [True, False])
def test_every_move(start: Status, end: Status, *, sent: bool) -> None:
    mark = MARKS[start, end]
    assert is_legal(start, end, sent=sent) is (mark == "x" or (mark == "s" and sent))


def test_the_declared_sets_are_apart() -> None:
    assert not LEGAL & LEGAL_AFTER_SENDING
    assert len(LEGAL) == sum(mark == "x" for mark in MARKS.values())


def test_the_four_outcomes() -> None:
    assert [str(outcome) for outcome in Outcome] == [
        "matched",
        "held",
        "rejected",
        "ignored",
    ]
