"""The words of the reconciliation report that belong to stable keys, in English.

They are marked for the catalogs here and translated where they are printed.
"""

from __future__ import annotations

from collections.abc import Mapping

from workbench.model.texts import marked

#: Totals by kind and rows of the flow.
TOTALS: Mapping[str, str] = {
    "collected": marked("Sent to be collected"),
    "paid": marked("Paid"),
    "paid_provisional": marked("Paid, provisional"),
    "paid_final": marked("Paid, final"),
    "sent": marked("Sent, not yet answered"),
    "in_process": marked("Received by the payment center"),
    "stopped": marked("Stopped"),
    "center_error": marked("Refused by the payment center"),
    "rejected": marked("Rejected"),
    "cancelled": marked("Canceled, agreement ended"),
    "reversed": marked("Reversed"),
    "slips_paid": marked("Slips paid"),
    "slips_reversed": marked("Slips reversed"),
    "held": marked("Held"),
    "differences": marked("Differences between paid and collected"),
    "ignored": marked("Ignored"),
    "matched": marked("Matched"),
    "imported": marked("Entries from the ERP"),
    "total": marked("Total"),
}

#: Identities, by their stable names.
IDENTITIES: Mapping[str, str] = {
    "file_total": marked("Declared total of the files = sum of their lines"),
    "line_outcomes": marked("Lines = matched + rejected + held + ignored"),
    "cash_applied": marked("Cash in = applied to entries + residual"),
    "sent_by_status": marked("Sent = sum by current status"),
    "paid_differences": marked("Paid − collected = differences"),
    "journal_ledger": marked("Journal = ledger"),
    "control_account": marked("Sub-ledger = control account"),
    "aged_balance": marked("Aged buckets and credits = open balance"),
    "import_balance": marked("Entries imported = ERP transfer"),
    "handed_over": marked("Posted = handed over + waiting"),
    "statement": marked("Statement: opening + movements = closing"),
}

#: Why a line is held, in two or three words; `matching.classes` has the sentences.
HELD: Mapping[str, str] = {
    "faulty_record": marked("Faulty record"),
    "unknown_record": marked("Unknown record"),
    "possible_duplicate": marked("Possible duplicate"),
    "unknown_customer": marked("Unknown customer"),
    "unknown_reference": marked("Unknown reference"),
    "no_collection": marked("No collection fits"),
    "ambiguous_reference": marked("Ambiguous reference"),
    "ambiguous": marked("Several fit equally"),
    "not_sent": marked("Never sent"),
    "wrong_customer": marked("Wrong customer number"),
    "wrong_currency": marked("Wrong currency"),
    "collected_amount_differs": marked("Other amount collected"),
    "double_payment": marked("Double payment"),
    "after_rejection": marked("Paid after a rejection"),
    "payment_after_reversal": marked("Paid after a reversal"),
    "rejection_of_paid": marked("Rejected, yet paid"),
    "already_rejected": marked("Rejected twice"),
    "reversal_without_payment": marked("Reversal without payment"),
    "reversal_amount_differs": marked("Other amount reversed"),
    "unexpected_status": marked("Unexpected status"),
    "fee": marked("Slip with a fee"),
    "over": marked("Overpaid"),
    "under": marked("Underpaid"),
    "too_many_records": marked("Too many records"),
}

#: By which rule a line was matched, in two or three words.
RULES: Mapping[str, str] = {
    "our_reference": marked("Our reference"),
    "slip_reference": marked("Slip reference"),
    "customer_due_amount": marked("Customer, date, amount"),
    "manual": marked("By hand"),
}

#: Where the money of a matched line stands.
STATES: Mapping[str, str] = {
    "provisional": marked("provisional"),
    "final": marked("final"),
    "reversed": marked("reversed"),
    "rejected": marked("rejected"),
    "cancelled": marked("canceled"),
}

#: What the mode of the workspace means for the reader.
MODES: Mapping[str, str] = {
    "trusting": marked(
        "Trusting: roles are guard rails; "
        "tampering is detected by an audit head that is kept elsewhere"
    ),
    "enforced": marked("Enforced: approval and posting run under a service account"),
}
