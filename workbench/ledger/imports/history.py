"""The imports from the ERP: what was accepted, by whom, and what was undone again."""

from __future__ import annotations

import polars as pl

from workbench.store.connection import Reader

#: One row per accepted file, the last one first. `effects` is JSON: rows by effect.
IMPORTS = pl.Schema(
    {
        "import_id": pl.Int64,
        "at": pl.String,
        "actor": pl.String,
        "purpose": pl.String,
        "name": pl.String,
        "sha256": pl.String,
        "mode": pl.String,
        "as_of": pl.Date,
        "mapping": pl.String,
        "effects": pl.String,
        "differences": pl.Int64,
        "open_differences": pl.Int64,
        "undone_at": pl.String,
        "undone_by": pl.String,
        "undone_because": pl.String,
    }
)

_IMPORTS = """
SELECT i.import_id, e.at, i.actor, i.purpose, f.name, f.sha256, i.mode, i.as_of, i.mapping,
       i.effects,
       (SELECT count(*) FROM erp_difference AS d WHERE d.import_id = i.import_id),
       (SELECT count(*) FROM erp_difference AS d WHERE d.import_id = i.import_id
          AND NOT EXISTS (SELECT 1 FROM erp_difference_end AS n
                          WHERE n.difference_id = d.difference_id)),
       t.at, u.actor, u.reason
FROM erp_import AS i JOIN source_file AS f USING (file_id)
JOIN audit_event AS e ON e.seq = i.recorded
LEFT JOIN erp_import_undo AS u USING (import_id)
LEFT JOIN audit_event AS t ON t.seq = u.recorded
ORDER BY i.import_id DESC
"""


def listing(reader: Reader) -> pl.DataFrame:
    """Every import, the last one first; rows of `IMPORTS`."""
    return reader.frame(_IMPORTS, schema=IMPORTS)
