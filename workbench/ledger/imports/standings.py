"""Where entries stand between us and the ERP: what our settlements took off them.

The same as the view `application_exchange` says of each settlement, for very many at once.
"""

from __future__ import annotations

import json

import polars as pl

from workbench.store.connection import Reader

#: So many entries are looked up one by one; more, and everything is gathered.
_FEW = 20_000

#: What stands between an entry's amount and what remains, in ledger view: a positive number
#: made a claim smaller, a negative one a credit. `taken`: by all settlements; `ours`: how many
#: of them are our own, whatever the ERP knows of them.
STANDING = pl.Schema(
    {
        "entry_id": pl.Int64,
        "taken": pl.Int64,
        "handed_over": pl.Int64,
        "waiting": pl.Int64,
        "ours": pl.Int64,
    }
)

#: A settlement of ours that was handed over and is not booked, as one of its two entries sees
#: it; `reverses_application_id`: the settlement that it takes back.
OUTSTANDING = pl.Schema(
    {
        "entry_id": pl.Int64,
        "application_id": pl.Int64,
        "voucher_id": pl.Int64,
        "handover_id": pl.Int64,
        "reverses_application_id": pl.Int64,
        "taken": pl.Int64,
    }
)

_APPLICATIONS = pl.Schema(
    {
        "application_id": pl.Int64,
        "from_entry_id": pl.Int64,
        "to_entry_id": pl.Int64,
        "amount_minor": pl.Int64,
        "voucher_id": pl.Int64,
        "handover_id": pl.Int64,
        "reverses_application_id": pl.Int64,
        "by_erp": pl.Boolean,
    }
)
_ALL = """
SELECT a.application_id, a.from_entry_id, a.to_entry_id, a.amount_minor, a.voucher_id,
       h.handover_id, a.reverses_application_id,
       a.kind = 'settled_in_erp' OR ifnull(r.kind = 'settled_in_erp', 0)
FROM {applications}
LEFT JOIN handover_application AS h ON h.application_id = a.application_id
LEFT JOIN application AS r ON r.application_id = a.reverses_application_id
"""
_FEW_APPLICATIONS = """(
    SELECT t.application_id FROM json_each(:entries) AS n
    CROSS JOIN application AS t ON t.to_entry_id = n.value
    UNION
    SELECT f.application_id FROM json_each(:entries) AS n
    CROSS JOIN application AS f ON f.from_entry_id = n.value
) CROSS JOIN application AS a USING (application_id)"""

_MARKS = pl.Schema(
    {
        "mark_id": pl.Int64,
        "handover_id": pl.Int64,
        "voucher_id": pl.Int64,
        "application_id": pl.Int64,
        "booked": pl.Boolean,
    }
)
_MARKED = """
SELECT mark_id, handover_id, voucher_id, application_id, booked FROM handover_mark
WHERE handover_id IN (SELECT value FROM json_each(?))
"""


def standings(reader: Reader, entry_ids: pl.Series | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of `STANDING`, of entries with settlements alone, and of `OUTSTANDING`.

    Args:
        reader: The view to ask.
        entry_ids: The entries that matter; None for all.
    """
    sides = _sides(_with_state(reader, _applications(reader, entry_ids)))
    if entry_ids is not None:
        sides = sides.join(entry_ids.to_frame("entry_id").unique(), on="entry_id", how="semi")
    taken, state = pl.col("taken"), pl.col("state")
    standing = sides.group_by("entry_id").agg(
        taken.sum(),
        taken.filter(state == "handed_over").sum().alias("handed_over"),
        taken.filter(state == "waiting").sum().alias("waiting"),
        (state != "by_erp").sum().cast(pl.Int64).alias("ours"),
    )
    outstanding = sides.filter(state == "handed_over")
    return standing.select(STANDING.names()), outstanding.select(OUTSTANDING.names())


def _applications(reader: Reader, entry_ids: pl.Series | None) -> pl.DataFrame:
    wanted = None if entry_ids is None else entry_ids.unique()
    if wanted is None or wanted.len() > _FEW:
        return reader.gathered(
            _ALL.format(applications="application AS a"), schema=_APPLICATIONS
        )
    parameters = {"entries": json.dumps(wanted.to_list())}
    question = _ALL.format(applications=_FEW_APPLICATIONS)
    return reader.gathered(question, parameters, schema=_APPLICATIONS)


def marks(reader: Reader, handover_ids: pl.Series) -> pl.DataFrame:
    """Every mark of some deliveries."""
    wanted = handover_ids.drop_nulls().unique().to_list()
    return reader.gathered(_MARKED, [json.dumps(wanted)], schema=_MARKS)


def last_marks(found: pl.DataFrame, *width: str) -> pl.DataFrame:
    """The last mark that covers each delivery, voucher or settlement of it.

    Args:
        found: Marks.
        width: Nothing for marks of whole deliveries; else `voucher_id` or `application_id`.
    """
    exact = [
        pl.col(name).is_not_null() == (name in width)
        for name in ("voucher_id", "application_id")
    ]
    last = found.filter(exact).sort("mark_id").group_by("handover_id", *width).last()
    return last.select("handover_id", *width, "mark_id", "booked")


def _with_state(reader: Reader, applications: pl.DataFrame) -> pl.DataFrame:
    """Each settlement's `state`: by_erp, waiting, handed_over or booked."""
    found = marks(reader, applications["handover_id"])
    for number, width in enumerate(((), ("voucher_id",), ("application_id",))):
        last = last_marks(found, *width).rename(
            {"mark_id": f"mark{number}", "booked": f"booked{number}"}
        )
        applications = applications.join(last, on=["handover_id", *width], how="left")
    latest = pl.max_horizontal("mark0", "mark1", "mark2")
    booked = pl.coalesce(
        pl.when(pl.col(f"mark{n}") == latest).then(pl.col(f"booked{n}")) for n in range(3)
    ).fill_null(value=False)
    return applications.with_columns(
        state=pl.when("by_erp").then(pl.lit("by_erp"))
        .when(pl.col("handover_id").is_null()).then(pl.lit("waiting"))
        .when(booked).then(pl.lit("booked"))
        .otherwise(pl.lit("handed_over"))
    )  # fmt: skip


def _sides(applications: pl.DataFrame) -> pl.DataFrame:
    """Each settlement twice: as the entry that it settles sees it, and as the one it uses."""
    shared = (
        "application_id", "voucher_id", "handover_id", "reverses_application_id", "state"
    )  # fmt: skip
    amount = pl.col("amount_minor")
    return pl.concat(
        [
            applications.select(*shared, entry_id="to_entry_id", taken=amount),
            applications.select(*shared, entry_id="from_entry_id", taken=-amount),
        ]
    )
