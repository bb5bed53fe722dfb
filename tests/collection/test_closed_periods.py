"""Closed periods are closed for every way in: what comes later is dated later, visibly."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.collection import decisions
from workbench.collection.erp_exchange import decide, import_entries, undo_import
from workbench.collection.settlement import post_payments
from workbench.collection.take_on import take_on
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.imports.differences import open_differences
from workbench.ledger.imports.importing import ErpImport
from workbench.ledger.period_states import State, change_state
from workbench.ledger.periods import NoOpenPeriodError, Rolled
from workbench.ledger.settlement import penny, tolerance
from workbench.ledger.settlement.settling import Pair, settle
from workbench.ledger.settlement.unsettling import unsettle
from workbench.reports.hand_over import export_postings
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace

LAST = dt.date(2026, 11, 30)
NEXT = dt.date(2026, 12, 1)

MAPPING = MappingText(
    "entries",
    """
[file]
delimiter = ","
decimal = "."
thousands = ""
date = "%Y-%m-%d"
credit_sign = "negative"

[columns]
erp_entry_no = "entry"
customer_no = "no"
kind = "kind"
document_no = "document"
document_date = "date"
due_date = "due"
amount = "amount"
remaining = "remaining"
currency = "currency"
""",
)
numbers = itertools.count(1)

#: Everything that lies on a day, by table.
DATED = ("voucher", "posting", "entry", "application")


def row(entry: int, no: str, amount: int, remaining: int | None = None) -> str:
    left = amount if remaining is None else remaining
    kind = "invoice" if amount > 0 else "credit_note"
    return (
        f"{entry},{no},{kind},F{entry},2026-10-01,2026-11-02,"
        f"{amount / 100:.2f},{left / 100:.2f},DKK"
    )


def tell(company: Any, *rows: str, full: bool = True) -> ErpImport:
    """The ERP tells its open entries, and we take them over."""
    path = company.files / f"open{next(numbers)}.csv"
    heading = "entry,no,kind,document,date,due,amount,remaining,currency"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    result = import_entries(
        company.workspace, path, mapping=MAPPING, as_of=company.AS_OF, full=full
    )
    assert result.outcome == "accepted", result.problems
    return result


def close(company: Any, state: State = "closed", journal: str | None = None) -> None:
    for month in range(1, 12):
        change_state(
            company.workspace, first_day=dt.date(2026, month, 1), to_state=state,
            journal=journal, reason="month end",
        )  # fmt: skip


def lasting(company: Any) -> list[list[dict[str, Any]]]:
    """What the closed months say: balances, postings, and everything dated in them."""
    return [
        company.rows(f"SELECT * FROM {name} WHERE posting_date <= ?", LAST.isoformat())  # noqa: S608  # our names
        for name in DATED
        if name != "entry"
    ] + [
        company.rows(
            "SELECT entry_id, sum(amount_minor) AS open FROM entry_effect "
            "WHERE posting_date <= ? GROUP BY 1", LAST.isoformat(),
        )
    ]  # fmt: skip


def entry_of(company: Any, document_no: str) -> int:
    (found,) = company.rows("SELECT entry_id FROM entry WHERE document_no = ?", document_no)
    return int(found["entry_id"])


# -- the ways in: what comes before the months are closed, and what is done then -----------


def rolled_of(result: ErpImport) -> list[Rolled]:
    assert result.rolled is not None
    return [result.rolled]


def paid(*records: tuple[str, dict[str, Any]]) -> Callable[[Any], None]:
    """A claim of 100,00 that the center tells about."""

    def prepare(company: Any) -> None:
        company.sent(("1001", 10_000))
        for kind, special in records:
            company.told(company.record("1001", kind, **special))

    return prepare


def post(company: Any) -> list[Rolled]:
    found = company.post().rolled
    assert found
    return list(found)


def over(company: Any) -> None:
    paid(("slip_paid", {"amount_paid_minor": 12_500}))(company)


def held_before(company: Any) -> None:
    over(company)
    company.post()


def release(company: Any) -> list[Rolled]:
    line = company.last()
    decisions.match_to(
        company.workspace, line["payment_line_id"],
        company.line("1001")["collection_line_id"], seen_outcome=line["outcome_id"],
        reason="his", as_of=company.BOOKED,
    )  # fmt: skip
    return allow_and_post(company)


def keep_on_account(company: Any) -> list[Rolled]:
    line = company.last()
    decisions.put_on_account(
        company.workspace, line["payment_line_id"], company.line("1001")["customer_id"],
        seen_outcome=line["outcome_id"], reason="keeps it",
    )  # fmt: skip
    return allow_and_post(company)


def allow_and_post(company: Any) -> list[Rolled]:
    decisions.allow_posting(
        company.workspace, [company.last()["payment_line_id"]], allowed=True
    )
    return list(post_payments(company.workspace, as_of=company.BOOKED).rolled)


def posted_before(company: Any) -> None:
    paid(("payment_completed", {}))(company)
    company.post()


def taken_back(company: Any) -> list[Rolled]:
    company.told(company.record("1001", "payment_reversed"))
    return post(company)


def billed(company: Any) -> None:
    company.customers("1001", "1002")
    tell(company, row(1, "1001", 10_000), row(2, "1001", -4_000), row(3, "1002", 10_020))


def settle_both(company: Any) -> list[Rolled]:
    pair = Pair(entry_of(company, "F2"), entry_of(company, "F1"))
    done = settle(company.workspace, pairs=[pair], as_of=company.AS_OF)
    assert done.rolled is not None
    return [done.rolled]


def settled_before(company: Any) -> None:
    billed(company)
    pair = Pair(entry_of(company, "F2"), entry_of(company, "F1"))
    settle(company.workspace, pairs=[pair], as_of=company.AS_OF)


def unsettle_both(company: Any) -> list[Rolled]:
    ids = [r["application_id"] for r in company.rows("SELECT application_id FROM application")]
    done = unsettle(company.workspace, ids, reason="wrong", as_of=company.AS_OF)
    assert done.rolled is not None
    return [done.rolled]


def with_a_penny(company: Any) -> None:
    company.customers("1001")
    tell(company, row(1, "1001", 10_020), row(2, "1001", -10_000))
    tolerance.set_tolerance(company.workspace, currency="DKK", amount_minor=50)


def penny_left(company: Any) -> None:
    with_a_penny(company)
    pair = Pair(entry_of(company, "F2"), entry_of(company, "F1"))
    settle(company.workspace, pairs=[pair], as_of=company.AS_OF, with_penny=False)


def penny_away(company: Any) -> list[Rolled]:
    done = penny.post_away(company.workspace, [entry_of(company, "F1")], as_of=company.AS_OF)
    assert done.rolled is not None
    return [done.rolled]


def undo_last(company: Any) -> list[Rolled]:
    (last,) = company.rows("SELECT max(import_id) AS last FROM erp_import")
    done = undo_import(company.workspace, last["last"], reason="wrong", as_of=company.AS_OF)
    assert done.rolled is not None
    return [done.rolled]


def read_otherwise(company: Any) -> None:
    """Our settlement waits to be handed over, and the ERP shows a fall of its own."""
    settled_before(company)
    tell(company, row(1, "1001", 10_000, 5_000), row(2, "1001", -4_000),
         row(3, "1002", 10_020))  # fmt: skip


def decide_settled(company: Any) -> list[Rolled]:
    with company.workspace.read() as reader:
        (difference,) = open_differences(reader).to_dicts()
    done = decide(
        company.workspace, difference["difference_id"], decision="settled_in_erp",
        reason="looked", as_of=company.AS_OF,
    )  # fmt: skip
    assert done.rolled is not None
    return [done.rolled]


def take_on_entries(company: Any) -> list[Rolled]:
    folder = company.files / "predecessor"
    folder.mkdir()
    heading = "entry,no,kind,document,date,due,amount,remaining,currency"
    (folder / "entries.csv").write_text(
        f"{heading}\n{row(77, '1001', 5_000)}\n", encoding="utf-8"
    )
    (folder / "entries.toml").write_text(MAPPING.text, encoding="utf-8")
    (folder / "take-on.toml").write_text(
        '[entries]\nfile = "entries.csv"\nmap = "entries.toml"\n', encoding="utf-8"
    )
    done = take_on(company.workspace, folder, as_of=company.AS_OF)
    assert done.clean, done
    return [part.rolled for part in done.parts if part.rolled]


Prepare = Callable[[Any], None]
Act = Callable[[Any], list[Rolled]]

WAYS: dict[str, tuple[Prepare, Act]] = {
    "delta import of a new entry": (
        billed,
        lambda c: rolled_of(tell(c, row(4, "1001", 700), full=False)),
    ),
    "full import that settles": (
        billed,
        lambda c: rolled_of(tell(c, row(1, "1001", 10_000, 2_000), row(2, "1001", -4_000))),
    ),
    "full import of a new and partly settled entry": (
        billed,
        lambda c: rolled_of(
            tell(
                c, row(1, "1001", 10_000), row(2, "1001", -4_000), row(3, "1002", 10_020),
                row(4, "1001", 900, 300),
            )
        ),
    ),
    "an entry told otherwise": (
        billed,
        lambda c: rolled_of(tell(c, row(1, "1001", 11_000), full=False)),
    ),
    "undo of an import": (billed, undo_last),
    "decision on a difference": (read_otherwise, decide_settled),
    "matched payment": (paid(("payment_completed", {})), post),
    "held payment": (over, post),
    "held payment that is released": (held_before, release),
    "money on account": (held_before, keep_on_account),
    "reversal": (posted_before, taken_back),
    "settlement by hand": (billed, settle_both),
    "settlement with a penny": (with_a_penny, settle_both),
    "penny of an earlier settlement": (penny_left, penny_away),
    "settlement taken back": (settled_before, unsettle_both),
    "take-on of opening entries": (lambda c: c.customers("1001"), take_on_entries),
}  # fmt: skip


@pytest.mark.parametrize(
    ("way", "state"),
    [
        *((way, "closed") for way in WAYS),
        *((way, "soft_closed") for way in ("matched payment", "undo of an import")),
    ],
)
def test_what_comes_into_a_closed_month_is_dated_later_and_said_so(
    company: Any, way: str, state: State
) -> None:
    prepare, act = WAYS[way]
    prepare(company)
    close(company, state)
    before = lasting(company)
    (known,) = company.rows("SELECT max(seq) AS seq FROM audit_event")
    told = act(company)
    assert {one.day for one in told} == {NEXT}
    assert "is closed" in told[0].words("en")
    assert lasting(company) == before
    new = [
        dated["posting_date"]
        for name in DATED
        for dated in company.rows(
            f"SELECT posting_date FROM {name} WHERE recorded > ?", known["seq"]  # noqa: S608  # our names
        )
    ]  # fmt: skip
    assert set(new) == {NEXT.isoformat()}
    company.prove()
    verify(company.workspace, as_of=LAST, rows=False).require()


@pytest.mark.parametrize("way", WAYS)
def test_without_an_open_month_nothing_is_posted(company: Any, way: str) -> None:
    prepare, act = WAYS[way]
    prepare(company)
    close(company)
    with company.workspace.transaction("close") as transaction:
        transaction.execute("UPDATE period SET state = 'closed'")
    before = [company.rows(f"SELECT * FROM {name}") for name in DATED]  # noqa: S608  # our names
    with pytest.raises(NoOpenPeriodError):
        act(company)
    assert [company.rows(f"SELECT * FROM {name}") for name in DATED] == before  # noqa: S608  # our names
    company.prove()


@pytest.mark.parametrize(
    ("journal", "way", "day"),
    [
        ("PAYMENTS", "matched payment", NEXT),
        ("PAYMENTS", "settlement with a penny", None),
        ("PAYMENTS", "delta import of a new entry", None),
        ("ERP", "matched payment", None),
        ("ERP", "full import that settles", NEXT),
        ("ERP", "undo of an import", NEXT),
        ("GENERAL", "settlement with a penny", NEXT),
        ("GENERAL", "settlement taken back", NEXT),
        ("GENERAL", "matched payment", None),
        ("GENERAL", "reversal", None),
    ],
)
def test_a_journal_that_is_closed_alone_moves_its_own_postings(
    company: Any, journal: str, way: str, day: dt.date | None
) -> None:
    prepare, act = WAYS[way]
    prepare(company)
    close(company, journal=journal)
    (known,) = company.rows("SELECT max(seq) AS seq FROM audit_event")
    try:
        act(company)
    except AssertionError:
        assert day is None  # nothing was rolled, so nothing is told
    new = {
        dated["posting_date"]
        for name in DATED
        for dated in company.rows(
            f"SELECT posting_date FROM {name} WHERE recorded > ?", known["seq"]  # noqa: S608  # our names
        )
    }  # fmt: skip
    assert new
    assert (new == {NEXT.isoformat()}) == (day is not None)
    company.prove()


def test_a_reversal_takes_back_a_settlement_by_hand_whatever_is_closed(company: Any) -> None:
    """The voucher that moved the money lies in a journal that is closed by then."""
    over(company)
    keep_on_account(company)
    money = company.rows("SELECT entry_id FROM entry WHERE kind = 'on_account'")[0]["entry_id"]
    pair = Pair(money, entry_of(company, "F1"))
    settle(company.workspace, pairs=[pair], as_of=company.BOOKED)
    close(company, journal="GENERAL")
    company.told(company.record("1001", "slip_reversed", amount_paid_minor=-12_500))
    allow_and_post(company)
    assert company.claim("1001") == 10_000
    company.prove()


def test_handing_over_posts_nothing(company: Any) -> None:
    posted_before(company)
    close(company)
    before = lasting(company)
    count = company.rows("SELECT count(*) AS n FROM posting")
    done = export_postings(company.workspace, mapping="plain_csv", as_of=dt.date(2026, 12, 2))
    assert done is not None
    assert company.rows("SELECT count(*) AS n FROM handover_posting")[0]["n"] > 0
    assert lasting(company) == before
    assert company.rows("SELECT count(*) AS n FROM posting") == count


DIRECT = {
    "posting": "INSERT INTO posting SELECT 900000, voucher_id, 900, account_no, purpose, "
    "profile, amount_minor, currency, NULL, NULL, NULL, '2026-11-05', NULL, 'x', NULL, NULL, "
    "NULL, NULL, NULL, '{}', 1 FROM posting LIMIT 1",
    "posting without a period": "INSERT INTO posting SELECT 900000, voucher_id, 900, "
    "account_no, purpose, profile, amount_minor, currency, NULL, NULL, NULL, '2035-01-01', "
    "NULL, 'x', NULL, NULL, NULL, NULL, NULL, '{}', 1 FROM posting LIMIT 1",
    "application": "INSERT INTO application SELECT 900000, min(entry_id), max(entry_id), 1, "
    "'DKK', 'payment', NULL, '2026-11-05', NULL, NULL, NULL, 'x', 1 FROM entry",
    "entry of another day": "INSERT INTO entry (entry_id, customer_id, kind, document_no, "
    "document_date, due_date, posting_date, amount_minor, currency, profile, voucher_id, "
    "recorded) SELECT 900000, customer_id, 'other', 'x', due_date, due_date, '2026-11-05', 1, "
    "'DKK', profile, voucher_id, 1 FROM entry LIMIT 1",
    "posting moved": "UPDATE posting SET posting_date = '2026-11-05'",
    "voucher moved": "UPDATE voucher SET posting_date = '2026-11-05'",
    "entry moved": "UPDATE entry SET posting_date = '2026-11-05'",
    "posting taken out": "DELETE FROM posting",
    "application taken out": "DELETE FROM application",
}


@pytest.mark.parametrize("way", DIRECT)
@pytest.mark.parametrize("state", ["soft_closed", "closed"])
def test_the_database_itself_refuses(company: Any, way: str, state: State) -> None:
    settled_before(company)
    close(company, state)
    before = lasting(company)
    with (
        pytest.raises(sqlite3.IntegrityError),
        company.workspace.transaction("direct") as transaction,
    ):
        transaction.execute(DIRECT[way])
    assert lasting(company) == before


def test_a_reopened_month_takes_postings_again(company: Any) -> None:
    billed(company)
    close(company)
    change_state(
        company.workspace, first_day=dt.date(2026, 10, 1), to_state="open", reason="late"
    )
    result = tell(company, row(4, "1001", 700), full=False)
    assert (result.posting_date, result.rolled) == (company.AS_OF, None)


def test_a_copy_keeps_its_periods(company: Any, tmp_path: Path) -> None:
    billed(company)
    close(company)
    shutil.copytree(company.workspace.folder, tmp_path / "copy")
    copy = Workspace(tmp_path / "copy", clock=company.workspace.clock)
    with copy.read() as reader:
        assert reader.value("SELECT count(*) FROM period WHERE state = 'closed'") == 11
