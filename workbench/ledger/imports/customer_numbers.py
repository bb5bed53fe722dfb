"""Numbers of customers that look wrong; they warn, since only their issuer could know."""

from __future__ import annotations

from stdnum.dk import cpr, cvr
from stdnum.exceptions import ValidationError

from workbench.ledger.files.table import ErpTable
from workbench.model.problems import Problem
from workbench.references import betalingsservice_customer


def implausible(table: ErpTable) -> list[Problem]:
    """A warning for each number that the center or the authorities do not have."""
    problems = []
    printed = table.texts["customer_no"]
    countries = table.values["country"]
    for row, legal_id in enumerate(table.values["legal_id"]):
        if printed[row] and not betalingsservice_customer.is_valid(printed[row]):
            problems.append(table.fault("erp_unusual_customer_no", "customer_no", row=row))
        if legal_id and countries[row] in (None, "DK") and not _is_danish_id(legal_id):
            problems.append(table.fault("erp_unusual_legal_id", "legal_id", row=row))
    return problems


def _is_danish_id(legal_id: str) -> bool:
    """Whether it has the form of a CPR or CVR number; CPR has no check digit any more."""
    number = cpr.compact(legal_id)
    if not (number.isascii() and number.isdigit()):
        return False
    if len(number) != 10:
        return bool(cvr.is_valid(number))
    try:
        cpr.get_birth_date(number)
    except ValidationError:
        return False
    return True
