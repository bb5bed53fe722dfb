"""Questions of this room that more than one module asks."""

from __future__ import annotations

_COLLECTIONS = """
SELECT l.collection_line_id, l.creditor_no, l.debtor_group, l.customer_no,
       CASE WHEN l.slip_only THEN NULL ELSE l.agreement_no END, l.reference, l.due_date,
       l.amount_minor, l.currency, l.status, l.delivery_id IS NOT NULL,
       CASE WHEN l.slip_only THEN '0117' ELSE '0112' END,
       l.paid_payment_line_id, p.amount_paid_minor, p.kind,
       CASE WHEN l.paid_payment_line_id NOT NULL THEN
           (SELECT o.applied_minor <> 0 FROM line_outcome AS o
            WHERE o.payment_line_id = l.paid_payment_line_id
            ORDER BY o.outcome_id DESC LIMIT 1) END
FROM collection_line AS l
LEFT JOIN payment_line AS p ON p.payment_line_id = l.paid_payment_line_id
"""

#: Every collection with a reference of some creditors (JSON list); for large files.
COLLECTIONS_OF_CREDITORS = f"""{_COLLECTIONS}
WHERE l.creditor_no IN (SELECT value FROM json_each(?))
"""  # noqa: S608  # our own text

#: The collections that a file names: by reference, by the first 9 of it, by customer.
COLLECTIONS_NAMED = f"""{_COLLECTIONS}
WHERE l.collection_line_id IN (
    SELECT collection_line_id FROM collection_line
    WHERE creditor_no IN (SELECT value FROM json_each(:creditors))
      AND reference IN (SELECT value FROM json_each(:references))
    UNION
    SELECT collection_line_id FROM collection_line
    WHERE creditor_no IN (SELECT value FROM json_each(:creditors)) AND reference IS NOT NULL
      AND substr(reference, 1, 9) IN (SELECT value FROM json_each(:slips))
    UNION
    SELECT collection_line_id FROM collection_line
    WHERE creditor_no IN (SELECT value FROM json_each(:creditors))
      AND customer_no IN (SELECT value FROM json_each(:customers)))
"""  # noqa: S608  # our own text
