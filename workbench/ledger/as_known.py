"""As known: a day, a moment or a number resolves to a recorded time.

Recorded time is the number of the last step that counts. A day means its end in UTC, the
zone of the labels that steps bear; a moment without a zone is UTC too. No step is known
before the steps before it: where a clock went back, the latest label so far counts.
"""

from __future__ import annotations

import datetime as dt

from workbench.store.connection import Reader

#: A day, a moment, a number of a step, or now.
Moment = dt.date | dt.datetime | int | None


class UnknownHeadError(ValueError):
    """The audit log does not contain this head: it is another workspace's, or was rewritten."""


class BadMomentError(ValueError):
    """Neither a day, nor a moment, nor the number of a step."""


def known_at(reader: Reader, moment: Moment) -> int:
    """The number of the last step that was recorded by then; 0 before the first.

    Args:
        reader: The view to ask.
        moment: A day (its end, UTC), a moment (UTC unless it names a zone), the number of a
            step, or None for now.
    """
    if moment is None:
        return reader.seq
    if isinstance(moment, int):
        return max(0, min(moment, reader.seq))
    later = reader.value("SELECT min(seq) FROM audit_event WHERE at >= ?", [_too_late(moment)])
    return reader.seq if later is None else int(later) - 1


def known_as_written(reader: Reader, text: str) -> int:
    """The last step that was recorded by the moment that a person wrote.

    Args:
        reader: The view to ask.
        text: As `parse_moment` takes it. Of a head the beginning of its hash is enough.

    Raises:
        BadMomentError: It is no moment.
        UnknownHeadError: The step of that head bears another hash here.
    """
    moment = parse_moment(text)
    written = text.strip().partition(":")[2].rstrip("…")
    if isinstance(moment, int) and written:
        found = reader.value("SELECT hash FROM audit_event WHERE seq = ?", [moment])
        if found is None or not str(found).startswith(written):
            raise UnknownHeadError(text)
    return known_at(reader, moment)


def parse_moment(text: str) -> dt.date | dt.datetime | int:
    """What a person wrote: `2026-09-05`, `2026-09-05T14:30`, `1234`, or a head `1234:…`.

    >>> parse_moment("2026-09-05"), parse_moment("17:ab12")
    (datetime.date(2026, 9, 5), 17)

    Raises:
        BadMomentError: It is none of these.
    """
    number = text.strip().partition(":")[0]
    if number.isascii() and number.isdigit():
        return int(number)
    try:
        if len(text.strip()) == len("2026-09-05"):
            return dt.date.fromisoformat(text.strip())
        return dt.datetime.fromisoformat(text.strip())
    except ValueError as cause:
        raise BadMomentError(
            f"{text} is neither a day (2026-09-05), nor a moment (2026-09-05T14:30), nor the "
            "number of a step"
        ) from cause


def label_of(reader: Reader, known: int) -> str:
    """The UTC label of a step; empty before the first."""
    found = reader.value("SELECT at FROM audit_event WHERE seq = ?", [known])
    return "" if found is None else str(found)


def _too_late(moment: dt.date | dt.datetime) -> str:
    """The first label that is too late."""
    if isinstance(moment, dt.datetime):
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        after = zoned.astimezone(dt.UTC) + dt.timedelta(microseconds=1)
        return after.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return (moment + dt.timedelta(days=1)).isoformat()
