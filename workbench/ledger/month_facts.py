"""What the ledger knows of a month that is to be closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workbench.ledger.handover.standing import STANDING
from workbench.store.connection import Reader


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Postings of a month that the ERP must hear of: all, handed over, and booked there."""

    posted: int
    handed_over: int
    booked: int


_HANDED_OVER = f"""
WITH {STANDING}
SELECT count(*), count(t.posting_id), ifnull(sum(t.booked), 0)
FROM posting AS p JOIN voucher AS v USING (voucher_id)
JOIN journal AS j ON j.journal = v.journal AND j.handed_back = 1
LEFT JOIN standing AS t USING (posting_id)
WHERE v.posting_date BETWEEN :first_day AND :last_day
"""  # noqa: S608  # our own text

_OPEN_DIFFERENCES = """
SELECT count(*) FROM erp_difference AS d WHERE NOT EXISTS (
    SELECT 1 FROM erp_difference_end AS e WHERE e.difference_id = d.difference_id)
"""

_LAST_FULL_IMPORT = """
SELECT max(i.as_of) FROM erp_import AS i
WHERE i.purpose = 'erp_entries' AND i.mode = 'full'
  AND NOT EXISTS (SELECT 1 FROM erp_import_undo AS u WHERE u.import_id = i.import_id)
"""


def handed_over(reader: Reader, *, first_day: dt.date, last_day: dt.date) -> HandedOver:
    """The postings of a month, by whether the ERP has them."""
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    (counts,) = reader.rows(_HANDED_OVER, days)
    return HandedOver(*counts)


def open_differences(reader: Reader) -> int:
    """How many entries the ERP and we read differently, with nobody's decision."""
    return int(reader.value(_OPEN_DIFFERENCES))


def last_full_import(reader: Reader) -> dt.date | None:
    """The day of the last full list of open entries that was taken over and stands."""
    found = reader.value(_LAST_FULL_IMPORT)
    return None if found is None else dt.date.fromisoformat(found)
