"""Where an entry is used: every place that points at it, with a count and what to look up."""

from __future__ import annotations

import polars as pl

from workbench.store.connection import Reader

#: One row per use, in the order in which a claim passes through the house. `links` are what
#: `workbench why` and the screens open, such as `line#17`; the last use comes first.
USES = pl.Schema(
    {  # type: ignore[arg-type]  # a list type beside plain ones
        "use": pl.String,
        "count": pl.Int64,
        "links": pl.List(pl.String()),
    }
)

#: So many links of a use are given; all are counted.
_LINKS_MOST = 50

#: What several questions ask of.
_SHARED = """
WITH lines AS (
    SELECT collection_line_id FROM collection_line_entry WHERE entry_id = :entry
), applied AS (
    SELECT application_id, voucher_id, payment_line_id FROM application
    WHERE from_entry_id = :entry
    UNION
    SELECT application_id, voucher_id, payment_line_id FROM application
    WHERE to_entry_id = :entry
)
"""

#: By use: the kind of its links, and the question for their identifiers. Postings are found
#: by their payment, or in the small vouchers of settlements that had none.
_QUESTIONS = {
    "lines": ("line", "SELECT collection_line_id AS id FROM lines"),
    "deliveries": (
        "delivery",
        """
        SELECT DISTINCT delivery_id AS id FROM lines
        JOIN collection_line USING (collection_line_id) WHERE delivery_id IS NOT NULL
        """,
    ),
    "payments": (
        "payment",
        """
        SELECT payment_line_id AS id FROM lines JOIN line_outcome USING (collection_line_id)
        UNION SELECT payment_line_id FROM entry
        WHERE entry_id = :entry AND payment_line_id IS NOT NULL
        """,
    ),
    "journals": (
        "voucher",
        """
        SELECT voucher_id AS id FROM entry WHERE entry_id = :entry
        UNION SELECT voucher_id FROM applied WHERE voucher_id IS NOT NULL
        """,
    ),
    "applications": ("application", "SELECT application_id AS id FROM applied"),
    "handovers": (
        "handover",
        """
        SELECT handover_id AS id FROM applied JOIN handover_application USING (application_id)
        UNION SELECT handover_id FROM applied
        JOIN posting USING (payment_line_id) JOIN handover_posting USING (posting_id)
        UNION SELECT handover_id FROM applied
        JOIN posting ON posting.voucher_id = applied.voucher_id
        JOIN handover_posting USING (posting_id) WHERE applied.payment_line_id IS NULL
        """,
    ),
    "differences": (
        "difference",
        "SELECT difference_id AS id FROM erp_difference WHERE entry_id = :entry",
    ),
    "refunds": ("refund", "SELECT refund_id AS id FROM refund WHERE entry_id = :entry"),
    "letters": ("letter", "SELECT NULL AS id WHERE 0"),
}


def where_used(reader: Reader, entry_id: int) -> pl.DataFrame:
    """Where an entry is used: rows of `USES`, one per use, those without any as well.

    Letters are counted from the day on which the workbench writes some.
    """
    rows = []
    for use, (kind, question) in _QUESTIONS.items():
        found = reader.rows(
            f"{_SHARED} SELECT id FROM ({question}) ORDER BY id DESC",  # noqa: S608  # our own text
            {"entry": entry_id},
        )
        links = [f"{kind}#{row_id}" for (row_id,) in found[:_LINKS_MOST]]
        rows.append((use, len(found), links))
    return pl.DataFrame(rows, schema=USES, orient="row")
