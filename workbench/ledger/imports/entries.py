"""Open entries from the ERP: each file's new entries post one voucher in the journal ERP.

The facts of an entry never change. What a file tells of a known one is compared: what the ERP
booked of ours, what it settled itself, and what a person must look at (`erp_compare`). What a
file may always do to a known entry is stop it: *on hold* and *disputed* are taken over when
they are set, and lifted by a person only.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

from workbench.ledger.files.mapping import MappingText
from workbench.ledger.imports import importing as erp_import
from workbench.ledger.imports.collected import Collections, NoCollections
from workbench.ledger.imports.entry_judging import judge
from workbench.ledger.imports.entry_rows import FIELDS
from workbench.ledger.imports.importing import ErpImport, Purpose
from workbench.store.workspace import Workspace


def import_entries(
    workspace: Workspace,
    path: Path,
    *,
    mapping: Path | MappingText,
    as_of: dt.date,
    full: bool = False,
    dry_run: bool = False,
    run_id: int | None = None,
    collections: Collections | None = None,
    as_seen: int | None = None,
    confirmed: str = "",
) -> ErpImport:
    """Import the open entries in a file; their voucher is dated `as_of`, rolled forward.

    Args:
        workspace: The company.
        path: The ERP's file.
        mapping: Which column is what.
        as_of: The day whose state the file tells.
        full: Whether the file holds all that is open; what is missing is settled then.
        dry_run: Whether to tell what would happen, and change nothing.
        run_id: The run that imports.
        collections: Where entries stand in collections; nowhere when absent.
        as_seen: `seq` of the preview that a person confirmed.
        confirmed: Why a person takes a file that would close most of what is open here.

    Raises:
        BadMappingError: The mapping cannot be used.
        NoOpenPeriodError: No period is open from `as_of` on.
        StaleViewError: Something was written since `as_seen`.
    """
    plan = partial(judge, as_of=as_of, full=full, collections=collections or NoCollections())
    return erp_import.run(
        workspace,
        path,
        purpose=Purpose("erp_entries", FIELDS, plan, dimensions=True),
        mapping=mapping,
        as_of=as_of,
        dry_run=dry_run,
        run_id=run_id,
        mode="full" if full else "delta",
        as_seen=as_seen,
        confirmed=confirmed,
    )
