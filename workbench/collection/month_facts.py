"""What collection knows of a month that is to be closed."""

from __future__ import annotations

import datetime as dt

from workbench.store.connection import Reader
from workbench.store.workspace import Workspace
from workbench.transport import folder

_UNKNOWN = """
SELECT count(*) FROM delivery WHERE state IN ('sending', 'unknown') AND as_of <= ?
"""
_HELD = """
SELECT count(*) FROM current_outcome AS o JOIN payment_line AS p USING (payment_line_id)
WHERE o.outcome = 'held' AND p.booking_date BETWEEN ? AND ?
"""
_UNPOSTED = """
SELECT count(*) FROM payment_line AS p JOIN current_outcome AS o USING (payment_line_id)
WHERE o.outcome = 'matched' AND p.amount_paid_minor <> 0
  AND p.booking_date BETWEEN ? AND ?
  AND NOT EXISTS (SELECT 1 FROM line_posting AS x
                  WHERE x.payment_line_id = p.payment_line_id)
"""


def unknown_deliveries(reader: Reader, *, up_to: dt.date) -> int:
    """Deliveries up to a day of which nobody knows whether they left the house."""
    return int(reader.value(_UNKNOWN, [up_to.isoformat()]))


def held_lines(reader: Reader, *, first_day: dt.date, last_day: dt.date) -> int:
    """Payment lines booked by the bank in those days that wait for a person."""
    return int(reader.value(_HELD, [first_day.isoformat(), last_day.isoformat()]))


def unposted_lines(reader: Reader, *, first_day: dt.date, last_day: dt.date) -> int:
    """Matched payment lines booked by the bank in those days that nothing was posted of."""
    return int(reader.value(_UNPOSTED, [first_day.isoformat(), last_day.isoformat()]))


def unread_files(workspace: Workspace) -> int:
    """Files that lie in the inbox."""
    return sum(1 for _ in folder.waiting(workspace.inbox))
