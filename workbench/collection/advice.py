"""What a person can do about a held line: one suggestion per class."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.model.texts import marked

#: By class of `matching.classes`.
ADVICE: Mapping[str, str] = {
    "faulty_record": marked("Read the record in the file; match it by hand or ignore it."),
    "unknown_record": marked("Ask the payment center what the record means."),
    "possible_duplicate": marked("Compare with the earlier line; ignore it if it is the same."),
    "unknown_customer": marked("Find the customer by name or amount, or refund the payer."),
    "unknown_reference": marked("Find the collection by customer and amount."),
    "no_collection": marked("Match it to a collection, or put it on the customer's account."),
    "ambiguous_reference": marked("Choose the collection by customer and amount."),
    "ambiguous": marked("Choose one of the collections."),
    "not_sent": marked("Check why the center collected what was not sent."),
    "wrong_customer": marked("Compare both customers; match it to the right collection."),
    "wrong_currency": marked("Ask the payment center; match it by hand if it is right."),
    "collected_amount_differs": marked("Compare the file with the delivery that was sent."),
    "double_payment": marked("Put it on the customer's account, or refund it."),
    "after_rejection": marked("The debtor paid after all: match it by hand."),
    "payment_after_reversal": marked("Match it by hand if it pays the reversed collection."),
    "rejection_of_paid": marked("Ask the payment center which of the two counts."),
    "already_rejected": marked("Nothing is missing: ignore it with a reason."),
    "reversal_without_payment": marked("Find the payment that is taken back."),
    "reversal_amount_differs": marked("Ask the payment center about the amount."),
    "unexpected_status": marked("Look at the line's history in the collection register."),
    "fee": marked("Find out whether the fee is in the amount; then match it by hand."),
    "over": marked("Match it: the surplus stays on the customer. Or refund the difference."),
    "under": marked("Match it: the rest stays open. Or write to the customer."),
    "too_many_records": marked("Look at the lines one by one, oldest first."),
}
