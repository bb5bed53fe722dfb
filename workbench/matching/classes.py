"""Why a line is held: one class per reason, in the order in which they are looked for.

A line has the first class that fits. The words are shown on screens and reports.
"""

from __future__ import annotations

from workbench.model.texts import marked

#: Words by class.
CLASSES: dict[str, str] = {
    "faulty_record": marked("The record has a problem of its own."),
    "unknown_record": marked("The kind of record is not known."),
    "possible_duplicate": marked("An earlier delivery brought the same line."),
    "unknown_customer": marked("No customer has this number."),
    "unknown_reference": marked("No collection has this reference."),
    "no_collection": marked("No collection fits."),
    "ambiguous_reference": marked("Several collections have this reference."),
    "ambiguous": marked("Several collections fit equally well."),
    "not_sent": marked("The collection was never sent."),
    "wrong_customer": marked("The collection belongs to another customer number."),
    "wrong_currency": marked("The collection is in another currency."),
    "collected_amount_differs": marked("Another amount was collected than was sent."),
    "double_payment": marked("The collection is already paid."),
    "after_rejection": marked("The collection was rejected, cancelled or refused before."),
    "payment_after_reversal": marked("The payment does not name the reversed collection."),
    "rejection_of_paid": marked("The collection is already paid."),
    "already_rejected": marked("The collection is already rejected or cancelled."),
    "reversal_without_payment": marked("There is no payment to take back."),
    "reversal_amount_differs": marked("Another amount is taken back than was paid."),
    "unexpected_status": marked("The collection's status does not allow this."),
    "fee": marked("A fee comes with the payment; whether it is in the amount is not known."),
    "over": marked("More was paid than collected."),
    "under": marked("Less was paid than collected."),
    "too_many_records": marked("Too many lines of one delivery mean this collection."),
}

#: Held, and yet the collection is paid: only the difference waits.
PAID_THOUGH_HELD = ("fee", "over", "under")
