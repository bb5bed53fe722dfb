"""The identity `handed_over`: what was posted was handed over, or waits."""

from __future__ import annotations

from workbench.model.identities import Identity, per_currency
from workbench.store.connection import Reader

_POSTED = """
SELECT p.currency, sum(max(p.amount_minor, 0)), count(*)
FROM posting AS p JOIN voucher AS v USING (voucher_id) JOIN journal AS j USING (journal)
WHERE j.handed_back = 1 GROUP BY 1
"""

_TOTALS = """
SELECT currency, sum(debit_minor), sum(postings) FROM handover_total GROUP BY 1
"""

_WAITING = """
SELECT p.currency, sum(max(p.amount_minor, 0)), count(*)
FROM posting AS p JOIN voucher AS v USING (voucher_id) JOIN journal AS j USING (journal)
WHERE j.handed_back = 1
  AND NOT EXISTS (SELECT 1 FROM handover_posting AS h WHERE h.posting_id = p.posting_id)
GROUP BY 1
"""


def handed_over(reader: Reader, *, currencies: list[str]) -> list[Identity]:
    """Posted = handed over + waiting: debits per currency, and the count of postings.

    What was handed over is told by the lines of the files themselves, as their totals were
    taken when they were made.
    """
    posted = reader.rows(_POSTED)
    gone = [*reader.rows(_TOTALS), *reader.rows(_WAITING)]
    sums: dict[str, int] = {}
    for currency, amount, _ in gone:
        sums[currency] = sums.get(currency, 0) + amount
    return [
        *per_currency(
            "handed_over",
            ((currency, amount) for currency, amount, _ in posted),
            sums.items(),
            currencies=currencies,
        ),
        Identity(
            "handed_over",
            None,
            "count",
            sum(count for *_, count in posted),
            sum(count for *_, count in gone),
        ),
    ]
