"""SIE, type 4I: vouchers for a Swedish accounting system to take in (SIE-gruppen).

Source: "SIE filformat", edition 4B of 30 September 2008 and 4C of 2025: sections 5 (labels and
fields), 5.8 (character set PC8, code page 437), 5.9 (amounts with a point), 11 (labels).
A file of type 4I holds no balances, so that #RAR is not needed; every #VER balances to zero.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.model.problems import Problem, Reading

#: IBM PC 8 bits extended ASCII, the only character set of the format.
ENCODING = "cp437"

_LINE_END = "\r\n"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One #TRANS (transaktion): an account and an amount, debit +, credit −.

    Attributes:
        amount_minor: Öre.
        objects: Number of the dimension (1 cost center, 6 project) to its object.
    """

    account_no: str
    amount_minor: int
    text: str = ""
    objects: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Voucher:
    """One #VER (verifikation); its transactions add up to zero.

    Attributes:
        number: Of the system that writes the file; the one that reads it may give its own.
    """

    series: str
    number: str
    date: dt.date
    text: str
    transactions: Sequence[Transaction]


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands before the vouchers.

    Attributes:
        generated: The day on which the file was made (#GEN).
        organization_no: Registered number (#ORGNR); left out when empty.
        accounts: Number and name of the accounts that are used (#KONTO).
        dimensions: Number and name of the dimensions that are used (#DIM).
    """

    program: str
    version: str
    generated: dt.date
    company: str
    organization_no: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)
    dimensions: Mapping[int, str] = field(default_factory=dict)


class UnbalancedSieVoucherError(ValueError):
    """The transactions of a voucher do not add up to zero."""


def write(heading: Heading, vouchers: Sequence[Voucher], *, name: str) -> Reading[bytes | None]:
    """The file; None and the problems when a text cannot be written in PC8.

    Args:
        heading: What stands first.
        vouchers: In the order in which they are to be taken in.
        name: The file's name, for the problems.

    Raises:
        UnbalancedSieVoucherError: Names the voucher.
    """
    lines = [*_head(heading, vouchers)]
    for voucher in vouchers:
        if sum(each.amount_minor for each in voucher.transactions):
            raise UnbalancedSieVoucherError(voucher.number)
        lines += _voucher(voucher)
    text = _LINE_END.join([*lines, ""])
    try:
        return Reading(text.encode(ENCODING))
    except UnicodeEncodeError:
        return Reading(None, tuple(_unencodable(lines, name)))


def _head(heading: Heading, vouchers: Sequence[Voucher]) -> Iterator[str]:
    yield "#FLAGGA 0"
    yield f"#PROGRAM {_quoted(heading.program)} {_quoted(heading.version)}"
    yield "#FORMAT PC8"
    yield f"#GEN {heading.generated:%Y%m%d}"
    yield "#SIETYP 4"
    if heading.organization_no:
        yield f"#ORGNR {heading.organization_no}"
    yield f"#FNAMN {_quoted(heading.company)}"
    yield from (f"#KONTO {no} {_quoted(name)}" for no, name in heading.accounts.items())
    yield from (f"#DIM {no} {_quoted(name)}" for no, name in heading.dimensions.items())
    used = {
        item
        for voucher in vouchers
        for transaction in voucher.transactions
        for item in transaction.objects.items()
    }
    yield from (f"#OBJEKT {no} {_quoted(code)} {_quoted(code)}" for no, code in sorted(used))


def _voucher(voucher: Voucher) -> Iterator[str]:
    number = _quoted(voucher.number)
    series = _quoted(voucher.series)
    yield f"#VER {series} {number} {voucher.date:%Y%m%d} {_quoted(voucher.text)}"
    yield "{"
    for each in voucher.transactions:
        objects = " ".join(f'"{no}" {_quoted(code)}' for no, code in each.objects.items())
        amount = _amount(each.amount_minor)
        yield (
            f"   #TRANS {each.account_no} {{{objects}}} {amount} "
            f"{voucher.date:%Y%m%d} {_quoted(each.text)}"
        )
    yield "}"


def _amount(amount_minor: int) -> str:
    """Kronor with a point before two decimals."""
    sign = "-" if amount_minor < 0 else ""
    kronor, ore = divmod(abs(amount_minor), 100)
    return f"{sign}{kronor}.{ore:02d}"


def _quoted(text: str) -> str:
    """A field in quotes: control characters are not allowed, a quote has a backslash."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return '"' + printable.replace("\\", "/").replace('"', '\\"') + '"'


def _unencodable(lines: Sequence[str], name: str) -> Iterator[Problem]:
    for number, line in enumerate(lines, start=1):
        for column, sign in enumerate(line, start=1):
            try:
                sign.encode(ENCODING)
            except UnicodeEncodeError:
                label = line.split(maxsplit=1)[0]
                params = {"heading": label, "found": sign, "expected": "PC8"}
                yield Problem("handover_unencodable", params, name, number, column, line)
                break
