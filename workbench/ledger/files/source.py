"""Which kind of file the ERP gave: CSV, a workbook or Parquet, told by its first bytes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from workbench.ledger.files.csv_table import read_csv
from workbench.ledger.files.fields import Field, Kind
from workbench.ledger.files.mapping import FileMapping
from workbench.ledger.files.sheet import Sheet, empty_sheet
from workbench.model.problems import Problem

#: What these hold is the same as a text and as a number.
_TEXTS = {Kind.TEXT, Kind.CUSTOMER_NO, Kind.CURRENCY, Kind.FLAG}
_ZIP = b"PK\x03\x04"
_PARQUET = b"PAR1"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def kind_of(content: bytes) -> str:
    """`csv`, `xlsx`, `parquet`, or `xls`, which is not read."""
    for start, kind in ((_ZIP, "xlsx"), (_PARQUET, "parquet"), (_OLD_EXCEL, "xls")):
        if content.startswith(start):
            return kind
    return "csv"


def read_sheet(
    content: bytes,
    *,
    name: str,
    mapping: FileMapping,
    known: Sequence[Field],
    slow: bool = False,
) -> Sheet:
    """The rows of a file of any kind, the columns that the mapping names.

    Args:
        name: The file, as its problems call it.
        known: The fields of the purpose.
        slow: Split even a regular CSV file row by row.
    """
    notation, wanted = mapping.notation, set(mapping.columns.values())
    match kind_of(content):
        case "xlsx":
            from workbench.ledger.files.workbook import read_workbook  # noqa: PLC0415  # heavy

            return read_workbook(
                content,
                name=name,
                notation=notation,
                wanted=wanted,
                typed=_columns(mapping, known, set(Kind) - _TEXTS),
                dates=_columns(mapping, known, {Kind.DATE}),
            )
        case "parquet":
            from workbench.ledger.files.parquet import read_parquet  # noqa: PLC0415  # seldom

            return read_parquet(content, name=name, notation=notation, wanted=wanted)
        case "xls":
            return empty_sheet(Problem("erp_old_workbook", {"name": name}, source=name))
        case _:
            return read_csv(content, name=name, notation=notation, wanted=wanted, slow=slow)


def _columns(
    mapping: FileMapping, known: Sequence[Field], kinds: Collection[Kind]
) -> set[str | int]:
    """The mapped columns of some kinds."""
    fields = (field for field in known if field.kind in kinds)
    return {mapping.columns[field.name] for field in fields if field.name in mapping.columns}
