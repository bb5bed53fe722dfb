"""Rows that people edit, as they were known at a number: for questions of the past."""

from __future__ import annotations

from workbench.store.transaction import EDITABLE


def as_was(table: str, alias: str, field: str) -> str:
    """A field of an edited row as it was at `:known`; SQL, for fields that are never null.

    The value then is what the first later edit replaced; without one it still stands.

    Args:
        table: One of the tables whose rows are edited.
        alias: What the question calls the table.
        field: The column.
    """
    key = f"{alias}.{EDITABLE[table]}"
    return (
        f"ifnull((SELECT json_extract(v.fields, '$.{field}') FROM row_version AS v "  # noqa: S608  # our own names
        f"WHERE v.table_name = '{table}' AND v.row_id = {key} AND v.recorded > :known "
        f"AND json_type(v.fields, '$.{field}') IS NOT NULL ORDER BY v.version LIMIT 1), "
        f"{alias}.{field})"
    )
