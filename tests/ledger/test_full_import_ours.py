"""Our own postings come back, facts change, and random histories still add up."""

from __future__ import annotations

import itertools
import json
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.ledger.imports.standings import standings

KIND = "other"


def _voucher(exchange: Any) -> str:
    """The number of our last voucher."""
    found = exchange.rows(
        "SELECT document_no FROM voucher WHERE journal = 'PAYMENTS' "
        "ORDER BY number DESC LIMIT 1"
    )
    return str(found[0]["document_no"])


def test_our_posting_comes_back_under_a_number_of_the_erp(exchange: Any) -> None:
    row = exchange.row
    exchange.told(row("1", 100))
    exchange.settle("1", 60)
    number = _voucher(exchange)
    # Before it is handed over the ERP cannot know it: the number is a coincidence.
    exchange.told(row("1", 100), row("7", -5, document=number, kind=KIND))
    assert exchange.rows("SELECT * FROM erp_entry_link") == []
    exchange.hand_over()
    result = exchange.told(
        row("1", 100, 40),
        row("7", -5, document=number, kind=KIND),
        row("9", -60, 0, document=number, kind=KIND),
    )
    effects = [(r["erp_entry_no"], r["effect"]) for r in result.effects.to_dicts()]
    assert effects == [("1", "booked"), ("7", "equal"), ("9", "ours")]
    (mark,) = exchange.rows("SELECT * FROM handover_mark")
    assert (mark["how"], mark["application_id"]) == ("voucher_number", None)
    assert exchange.states() == ["booked"]
    (link,) = exchange.rows("SELECT * FROM erp_entry_link")
    assert link["erp_entry_no"] == "9"
    exchange.prove()
    again = exchange.told(
        row("1", 100, 40),
        row("7", -5, document=number, kind=KIND),
        row("9", -60, 0, document=number, kind=KIND),
    )
    assert again.counts == {"new": 0, "equal": 3, "changed": 0}
    assert len(exchange.rows("SELECT * FROM erp_entry_link")) == 1


def test_money_on_account_that_the_erp_used(exchange: Any) -> None:
    row = exchange.row
    exchange.told(row("1", 100))
    application = exchange.settle("1", 60)
    exchange.reverse(application)
    number = _voucher(exchange)
    exchange.hand_over()
    exchange.told(row("1", 100), row("9", -60, document=number, kind=KIND))
    result = exchange.told(row("1", 100), row("9", -60, -25, document=number, kind=KIND))
    assert [(r["effect"], r["settled_minor"]) for r in result.effects.to_dicts()] == [
        ("equal", None),
        ("settled_in_erp", -35),
    ]
    result = exchange.told(row("1", 100))
    assert [(r["effect"], r["settled_minor"]) for r in result.effects.to_dicts()] == [
        ("equal", None),
        ("settled_in_erp", -25),
    ]
    exchange.prove()


def test_a_row_that_names_our_voucher_and_does_not_fit_is_left_out(exchange: Any) -> None:
    row = exchange.row
    exchange.told(row("1", 100))
    exchange.settle("1", 60)
    exchange.hand_over()
    number = _voucher(exchange)
    result = exchange.told(row("1", 100), row("9", -61, document=number, kind=KIND))
    assert [(p.code, p.line, p.column) for p in result.problems] == [
        ("erp_voucher_unfit", 3, 4)
    ]
    assert [(r["effect"], r["class"]) for r in result.effects.to_dicts()] == [
        ("not_booked_yet", None),
        ("ours", "unfit"),
    ]
    assert exchange.remaining() == {"1": 40}
    assert exchange.rows("SELECT * FROM handover_mark") == []


class _Delivered:
    """Collections that delivered everything, and note what they are to stop."""

    def __init__(self, *, delivered: bool) -> None:
        self.everything = delivered
        self.stopped: list[tuple[str, int]] = []

    def delivered(self, _reader: object, entry_ids: list[int]) -> set[int]:
        return set(entry_ids) if self.everything else set()

    def stop(
        self, _transaction: object, entry_ids: list[int], *, reason: str, as_of: object
    ) -> int:
        assert as_of is not None
        self.stopped += [(reason, entry_id) for entry_id in entry_ids]
        return len(entry_ids)


def test_a_delivered_entry_told_otherwise_is_held(exchange: Any) -> None:
    row = exchange.row
    exchange.told(row("1", 100))
    collections = _Delivered(delivered=True)
    changed = row("1", 120, customer="3001")
    result = exchange.told(changed, collections=collections)
    assert [(r["effect"], r["class"]) for r in result.effects.to_dicts()] == [
        ("held", "changed")
    ]
    (difference,) = exchange.open_differences()
    assert json.loads(difference["changed"]) == {
        "customer_no": ["1042", "3001"],
        "amount": [100, 120],
    }
    assert (difference["ours_minor"], difference["shown_minor"]) == (100, 120)
    assert [reason for reason, _ in collections.stopped] == ["the ERP shows something else"]
    assert result.stopped == 1
    again = exchange.told(changed, collections=collections)
    assert again.counts["held"] == 1
    assert exchange.open_differences() == [difference]
    exchange.prove()


def test_what_ours_settles_is_held_too_when_told_otherwise(exchange: Any) -> None:
    exchange.told(exchange.row("1", 100))
    exchange.settle("1", 10)
    result = exchange.told(exchange.row("1", 120))
    assert [r["class"] for r in result.effects.to_dicts()] == ["changed"]
    assert exchange.remaining() == {"1": 90}


def test_ours_stands_until_the_erp_shows_something_else(exchange: Any) -> None:
    exchange.told(exchange.row("1", 100))
    exchange.settle("1", 10)
    exchange.told(exchange.row("1", 100, 50))
    (difference,) = exchange.open_differences()
    with exchange.workspace.transaction("decide") as transaction:
        end = {
            "difference_id": difference["difference_id"],
            "decision": "ours_stands",
            "reason": "The ERP is wrong",
            "actor": "ida",
        }
        transaction.append("erp_difference_end", pl.DataFrame([end]))
    result = exchange.told(exchange.row("1", 100, 50))
    assert [(r["effect"], r["class"]) for r in result.effects.to_dicts()] == [
        ("equal", "ours_stands")
    ]
    assert exchange.open_differences() == []
    result = exchange.told(exchange.row("1", 100, 49))
    assert [r["effect"] for r in result.effects.to_dicts()] == ["held"]
    exchange.prove()


def test_a_revision_keeps_what_people_said_and_what_the_erp_settled(exchange: Any) -> None:
    row = exchange.row
    exchange.told(row("1", 100, hold="ja"))
    exchange.told(row("1", 100, 80))
    collections = _Delivered(delivered=False)
    result = exchange.told(row("1", 120, 50), collections=collections)
    assert dict(result.counts) == {"new": 0, "equal": 0, "changed": 0, "replaced": 1}
    assert exchange.remaining() == {"1": 0, "1/2": 50}
    (revision,) = exchange.rows("SELECT * FROM entry WHERE erp_revision = 2")
    assert (revision["on_hold"], revision["amount_minor"]) == (1, 120)
    assert [reason for reason, _ in collections.stopped] == [
        "the ERP tells the entry otherwise"
    ]
    exchange.told(row("1", 120, 50))
    assert exchange.remaining() == {"1": 0, "1/2": 50}
    exchange.prove()


def test_carried_along(exchange: Any, put: Any) -> None:
    """Base amount, rate, VAT code and dimensions reach the posting."""
    mapping = exchange.PARTS
    text = mapping.text.replace(
        'on_hold = "hold"\n',
        'base_amount = "base"\nrate = "rate"\nrate_date = "rated"\npromised_on = "promised"\n'
        'vat_code = "code"\nvat_rate = "percent"\nvat_base = "net"\nvat_amount = "vat"\n'
        '[dimensions]\ndepartment = "dep"\nproject = "pro"\n',
    )
    heading = (
        "no;customer;kind;document;date;due;amount;currency;base;rate;rated;promised;code;"
        "percent;net;vat;dep;pro"
    )
    path = put(
        "carried.csv",
        f"{heading}\n1;1042;invoice;F1;2026-10-01;2026-11-02;100.00;EUR;745.00;7.45;2026-09-30;"
        "2026-11-20;S25;25;80.00;20.00;W;\n",
    )
    result = exchange.take(path, mapping=type(mapping)("carried", text), full=False)
    assert result.outcome == "accepted", result.problems
    (entry,) = exchange.rows("SELECT * FROM entry")
    (posting,) = exchange.rows("SELECT * FROM posting WHERE purpose = 'receivable'")
    assert entry["promised_on"] == "2026-11-20"
    assert posting["vat_code"] == "S25"
    for found in (entry, posting):
        assert (found["base_amount_minor"], found["rate"]) == (74_500, "7.45")
        assert found["rate_date"] == "2026-09-30"
        assert json.loads(found["dimensions"]) == {"department": "W"}


#: What may happen between two full files, to entry 0, 1 or 2, with so much of its amount.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["settle", "reverse", "hand_over", "book", "import", "vanish"]),
        st.integers(0, 2),
        st.integers(1, 100),
    ),
    max_size=9,
)
AMOUNTS = (10_000, -5_000, 7_500)

#: The workspace outlives an example, so every entry has a number of its own.
numbers = itertools.count(1000)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_every_history_adds_up(exchange: Any, steps: list[tuple[str, int, int]]) -> None:
    names = [str(next(numbers)) for _ in AMOUNTS]
    shown = dict(zip(names, AMOUNTS, strict=True))
    exchange.told(*(exchange.row(no, amount) for no, amount in shown.items()), full=False)
    applications: list[int] = []
    handovers: list[int] = []
    for what, which, percent in steps:
        no = names[which]
        left = exchange.remaining()[no]
        part = left * percent // 100 if left > 0 else -(-left * percent // 100)
        if what == "settle" and part:
            applications.append(exchange.settle(no, part))
        elif what == "reverse" and applications:
            exchange.reverse(applications.pop())
        elif what == "hand_over":
            handovers.append(exchange.hand_over())
        elif what == "book" and handovers:
            exchange.book(handovers[-1])
        elif what in {"import", "vanish"}:
            shown[no] = 0 if what == "vanish" else AMOUNTS[which] * percent // 100
            _tell(exchange, shown)
        exchange.prove()
    _agree_with_the_view(exchange)


def _tell(exchange: Any, shown: dict[str, int]) -> None:
    """A full file of it, and the same once more: nothing but the record of it is new."""
    amounts = dict(zip(shown, AMOUNTS, strict=True))
    rows = [exchange.row(no, amounts[no], left) for no, left in shown.items() if left]
    rows.append(exchange.row("999", 100))  # so that no file is empty
    # What earlier histories left open is missing from it.
    exchange.told(*rows, confirmed="another history")
    record = ("erp_import", "source_file", "file_attempt", "audit_event")
    after = exchange.content(besides=record)
    exchange.told(*rows, confirmed="another history")
    assert exchange.content(besides=record) == after


def _agree_with_the_view(exchange: Any) -> None:
    """Reading very many at once tells the same states as the view does one by one."""
    expected = exchange.rows(
        "SELECT x.application_id, h.handover_id FROM application_exchange AS x "
        "LEFT JOIN handover_application AS h USING (application_id) "
        "WHERE state = 'handed_over' ORDER BY 1"
    )
    with exchange.workspace.read() as reader:
        standing, outstanding = standings(reader, None)
        few, _ = standings(reader, standing["entry_id"].head(2))
    found = outstanding.select("application_id", "handover_id").unique().sort("application_id")
    assert found.to_dicts() == expected
    assert few.join(standing, on=few.columns, how="anti").is_empty()
