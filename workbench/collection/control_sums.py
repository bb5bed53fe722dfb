"""What screens prove themselves by: the same rows, counted and summed by the store."""

from __future__ import annotations

from workbench.store.connection import Reader

_JOURNAL = """
SELECT currency, count(*), sum(amount_minor) FROM (
    SELECT collection_line_id, currency, amount_minor FROM collection_line
    WHERE journal_id = ?1
    UNION
    SELECT collection_line_id, currency, amount_minor FROM collection_line
    WHERE delivery_id IS NULL AND status <> 'stopped'
)
GROUP BY currency ORDER BY currency
"""
_UNSENT = """
SELECT currency, count(*), sum(amount_minor) FROM collection_line
WHERE delivery_id IS NULL AND status <> 'stopped' GROUP BY currency ORDER BY currency
"""
_LINES = "SELECT count(*) FROM payment_line"
_CASH = """
SELECT currency, sum(amount_paid_minor) FROM payment_line
WHERE currency IS NOT NULL GROUP BY currency ORDER BY currency
"""
_FILE = "SELECT count(*) FROM payment_line WHERE file_id = ?"

#: Currency, rows, sum in minor units.
Sums = list[tuple[str, int, int]]


def journal_sums(reader: Reader, journal_id: int) -> Sums:
    """The lines of a journal, with those of others that still wait to be sent."""
    return reader.rows(_JOURNAL, [journal_id])


def unsent_sums(reader: Reader) -> Sums:
    """The lines that did not leave the house and were not stopped."""
    return reader.rows(_UNSENT)


def payment_count(reader: Reader) -> int:
    """Every line that was ever read."""
    return int(reader.value(_LINES))


def lines_of_file(reader: Reader, file_id: int) -> int:
    """The lines that were read of one file."""
    return int(reader.value(_FILE, [file_id]))


def payment_cash(reader: Reader) -> dict[str, int]:
    """Cash of every line that was ever read, by currency."""
    return {currency: cash or 0 for currency, cash in reader.rows(_CASH)}
