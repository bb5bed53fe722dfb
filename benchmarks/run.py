"""Every measurement, as one table: `make bench`.

Machines are noisy, so what counts are ratios within one run, and how cost grows with size.
Sizes can be given: `make bench ARGS="100000"`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from benchmarks import (
    export_postings,
    import_entries,
    import_payments,
    pdf_register,
    read_erp,
    read_payments,
)

#: Heading and key: seconds, how many times the peer, what part of the limit, memory, growth.
COLUMNS = {
    "work": "work",
    "size": "size",
    "ours s": "ours",
    "peer s": "peer",
    "limit s": "limit",
    "x peer": "times_peer",
    "of limit": "of_limit",
    "peak MB": "peak_memory_mb",
    "exponent": "exponent",
}


def table(rows: Iterable[dict[str, object]]) -> str:
    """Rows as aligned text; what a measurement has not stays blank."""
    keys = COLUMNS.values()
    texts = [tuple(COLUMNS), *(tuple(_text(row.get(key)) for key in keys) for row in rows)]
    widths = [max(len(row[n]) for row in texts) for n in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(
            text.ljust(width) if n == 0 else text.rjust(width)
            for n, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in texts
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def main(sizes: tuple[int, ...]) -> None:
    """Measure and print."""
    rows = [
        *read_payments.rows(sizes),
        *import_payments.rows(sizes),
        *read_erp.rows(sizes),
        *import_entries.rows(sizes),
        *export_postings.rows(sizes),
        *pdf_register.rows(),
    ]
    print(table(rows))


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or (100_000, 1_000_000))
