"""The sums of collection that must be equal, each found on two ways."""

from __future__ import annotations

import json

from workbench.model.identities import Identity, per_currency
from workbench.store.connection import Reader

_LINE_OUTCOMES = "SELECT outcome, count(*) FROM current_outcome GROUP BY outcome"
_CASH = "SELECT currency, sum(amount_paid_minor) FROM payment_line GROUP BY 1"
_APPLIED = """
SELECT p.currency, sum(o.applied_minor + o.residual_minor)
FROM current_outcome AS o JOIN payment_line AS p USING (payment_line_id) GROUP BY 1
"""
_SENT = """
SELECT currency, sum(amount_minor) FROM delivery
WHERE state NOT IN ('created', 'sending', 'not_sent', 'unknown') GROUP BY 1
"""
#: A line of a delivery of which nobody knows whether it left does not count as sent.
_BY_STATUS = """
SELECT l.currency, sum(l.amount_minor) FROM collection_line AS l
JOIN delivery AS d USING (delivery_id)
WHERE d.state NOT IN ('created', 'sending', 'not_sent', 'unknown')
  AND l.status IN ('sent', 'in_process', 'collected', 'paid', 'reversed', 'rejected',
                   'agreement_cancelled', 'center_error', 'stopped')
GROUP BY 1
"""
#: Payments that made a collection paid, by the register: reversed ones count as well.
_PAID = """
SELECT l.currency, sum(p.amount_paid_minor - l.amount_minor)
FROM collection_register AS r JOIN collection_line AS l USING (collection_line_id)
JOIN payment_line AS p ON p.payment_line_id = r.payment_line_id
WHERE r.to_status = 'paid' GROUP BY 1
"""
_DIFFERENCES = "SELECT currency, sum(amount_minor) FROM difference GROUP BY 1"
_POSTED = """
SELECT p.currency, sum(p.amount_paid_minor) FROM payment_line AS p
WHERE EXISTS (SELECT 1 FROM line_posting AS x WHERE x.payment_line_id = p.payment_line_id)
GROUP BY 1
"""
_BANK = """
SELECT currency, sum(amount_minor) FROM posting WHERE purpose = 'bank_clearing' GROUP BY 1
"""


def identities(reader: Reader, *, currencies: list[str]) -> list[Identity]:
    """Files, outcomes, cash, statuses, differences, and what was posted of them."""

    def amounts(name: str, left: str, right: str) -> list[Identity]:
        return per_currency(name, reader.rows(left), reader.rows(right), currencies=currencies)

    return [
        *_file_totals(reader, currencies=currencies),
        *_line_outcomes(reader),
        *amounts("cash_applied", _CASH, _APPLIED),
        *amounts("sent_by_status", _SENT, _BY_STATUS),
        *amounts("paid_differences", _PAID, _DIFFERENCES),
        *amounts("journal_ledger", _POSTED, _BANK),
    ]


def _line_outcomes(reader: Reader) -> list[Identity]:
    outcomes = dict(reader.rows(_LINE_OUTCOMES))
    lines = reader.value("SELECT count(*) FROM payment_line")
    return [Identity("line_outcomes", None, "count", lines, sum(outcomes.values()))]


def _file_totals(reader: Reader, *, currencies: list[str]) -> list[Identity]:
    """What the lines of every section add up to, against what the files declare.

    Sections are in the one currency of their creditor; their lines were stored, and are
    added up again here, in the section's own rule. What the total counts though it is no
    money, and what a person accepted as missing, was recorded with the file.
    """
    adjusted = {
        (file_id, section): amount
        for file_id, section, amount in reader.rows(
            "SELECT file_id, section, sum(amount_minor) FROM total_adjustment GROUP BY 1, 2"
        )
    }
    sums = {
        (file_id, section): (gross, net)
        for file_id, section, gross, net in reader.rows(
            "SELECT file_id, section, sum(abs(ifnull(amount_paid_minor, 0))), "
            "sum(ifnull(amount_paid_minor, 0)) FROM payment_line GROUP BY 1, 2"
        )
    }
    left: dict[str, int] = {}
    right: dict[str, int] = {}
    for file_id, section, rule, declared, currency in reader.rows(
        "SELECT s.file_id, s.section, s.rule, s.declared, ifnull(c.currency, '') "
        "FROM file_section AS s LEFT JOIN creditor AS c USING (creditor_no) "
        "JOIN source_file AS f USING (file_id) "
        "WHERE f.direction = 'in' AND f.format = 'betalingsservice_0602'"
    ):
        gross, net = sums.get((file_id, section), (0, 0))
        summed = (abs(net) if rule == "net" else gross) + adjusted.get((file_id, section), 0)
        left[currency] = left.get(currency, 0) + summed
        stated = json.loads(declared)["amount_minor"] or 0
        right[currency] = right.get(currency, 0) + int(stated)
    return per_currency("file_total", left.items(), right.items(), currencies=currencies)
