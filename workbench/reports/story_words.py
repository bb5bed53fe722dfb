"""The sentences of a story, as whole texts, and the words that they mention."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.model.texts import marked

#: What a number may be.
SUBJECTS: Mapping[str, str] = {
    "entry": marked("Entry {number} of customer {customer}: {amount}, due {due}"),
    "line": marked("Collection {number} of customer {customer}: {amount}, due {due}"),
    "payment": marked("Payment {number} in {file}, line {line}: {amount}"),
    "voucher": marked("Voucher {number} of {date}: {about}"),
    "delivery": marked("Delivery {number} to the payment center: {amount}, lines: {count}"),
    "customer": marked("Customer {number}"),
    "handover": marked("Hand-over {number} to the ERP"),
    "file": marked("File {number}: {about}"),
}

#: Entries, by kind.
KINDS: Mapping[str, str] = {
    "invoice": marked("invoice"),
    "credit_note": marked("credit note"),
    "reminder": marked("reminder"),
    "interest": marked("interest"),
    "fee": marked("fee"),
    "other": marked("entry"),
    "payment": marked("payment"),
    "payment_reversal": marked("payment taken back"),
    "on_account": marked("money on account"),
    "refund": marked("refund"),
    "erp_settlement": marked("settlement in the ERP"),
}

ENTRY = {
    "imported": marked(
        "The ERP told of {what} {document} of {amount} to customer {customer}, due {due}: its "
        "entry {erp}, in {file}, line {line}; posted as voucher {voucher} on {date}."
    ),
    "made": marked(
        "{what} {document} of {amount} for customer {customer} was made by voucher {voucher} "
        "on {date}."
    ),
    "undone": marked("The import that brought {document} was undone: it stands no more."),
    "changed_in_erp": marked(
        "The ERP told {document} otherwise before it was collected: this reading stands no "
        "more."
    ),
    "on_hold": marked("{document} was put on hold."),
    "off_hold": marked("{document} was taken off hold."),
    "disputed": marked("{document} was marked as disputed."),
    "undisputed": marked("{document} is no longer disputed."),
    "edited": marked("{fields} of {document} was changed."),
    "remains": marked("What remains of {document} is {amount}."),
    "linked": marked("The ERP calls {document} by its number {erp}."),
}

#: What happened to a collection, by the status that it got.
LINE = {
    "created": marked(
        "A collection of {amount}, due {due}, reference {reference}, was made of {documents}."
    ),
    "taken_on": marked(
        "Taken on from the predecessor: a collection of {amount}, due {due}, reference "
        "{reference}, sent in delivery {delivery}, line {line}."
    ),
    "set_back": marked("The collection was set back to be worked on. {reason}"),
    "valid": marked("Validation found nothing against the collection."),
    "error": marked("Validation objected to the collection. {reason}"),
    "approved": marked("The collection was approved."),
    "signed": marked("The collection was signed."),
    "sent": marked("The collection was sent in delivery {delivery}, line {line}."),
    "in_process": marked("The payment center has the collection in process."),
    "collected": marked("The payment center has collected it."),
    "paid": marked("The collection is paid. {reason}"),
    "center_error": marked("The payment center refused the collection. {reason}"),
    "rejected": marked("The collection was rejected. {reason}"),
    "agreement_cancelled": marked("The agreement ended before it was paid. {reason}"),
    "reversed": marked("The money of the collection was taken back. {reason}"),
    "stopped": marked("The collection was stopped. {reason}"),
    "final": marked("After {date} the collection can only be taken back for cause."),
}

DELIVERY = {
    "created": marked("Delivery {delivery} was made: {file}."),
    "sending": marked("Delivery {delivery} was written and recorded as on its way."),
    "sent": marked("Delivery {delivery} was sent as {file}."),
    "not_sent": marked("Delivery {delivery} was found not to have been sent. {reason}"),
    "unknown": marked("Nobody knows whether delivery {delivery} was sent. {reason}"),
    "received": marked("The payment center received delivery {delivery}: {file}."),
    "accepted": marked("The payment center accepted delivery {delivery}: {file}."),
    "refused": marked("The payment center refused delivery {delivery}: {file}. {reason}"),
    "standing": marked(
        "Lines of delivery {delivery} that are {status}: {count}, together {amount}."
    ),
}

#: What the center tells, by kind of record.
PAYMENT = {
    "payment_completed": marked(
        "The payment center told that {paid} was paid on {date}, booked on {booked}: {file}, "
        "line {line}, section {section}."
    ),
    "payment_rejected": marked(
        "The payment center told that {collected} was rejected: {file}, line {line}, section "
        "{section}."
    ),
    "agreement_cancelled": marked(
        "The payment center told that the agreement ended and {collected} was not collected: "
        "{file}, line {line}, section {section}."
    ),
    "payment_reversed": marked(
        "The payment center told that {paid} was taken back, booked on {booked}: {file}, line "
        "{line}, section {section}."
    ),
    "slip_paid": marked(
        "The payment center told that {paid} was paid with a slip on {date}, booked on "
        "{booked}: {file}, line {line}, section {section}."
    ),
    "slip_reversed": marked(
        "The payment center told that {paid} paid with a slip was taken back, booked on "
        "{booked}: {file}, line {line}, section {section}."
    ),
    "unknown": marked(
        "A record that is not known came with {paid}: {file}, line {line}, section {section}."
    ),
}

OUTCOME = {
    "matched": marked("Matched with collection {reference} of customer {customer}. {why}"),
    "on_account": marked("Put on account of customer {customer}. {why}"),
    "held": marked("Held for a person. {why}"),
    "rejected": marked("A no to collection {reference} of customer {customer}. {why}"),
    "ignored": marked("Put aside by a person. {why}"),
    "by_person": marked("Matched by a person with collection {reference} of {customer}. {why}"),
    "released": marked("Opened again by a person. {why}"),
    "takes_back": marked("Takes back the payment in {file}, line {line}."),
}

PERMISSION = {
    "by_rule": marked("Posting was allowed by the company's rule."),
    "by_person": marked("Posting was allowed."),
    "taken_back": marked("The permission to post was taken back."),
}

DIFFERENCE = {
    "found": marked("{amount} lie between what was paid and what was collected."),
    "decided": marked("The difference of {amount} was decided: {reason}"),
}

#: What was posted of a payment, by kind.
POSTED = {
    "payment": marked("Posted as voucher {voucher} on {date}: {debit} to {credit}, {amount}."),
    "held": marked(
        "Posted as held money, voucher {voucher} on {date}: {debit} to {credit}, {amount}."
    ),
    "release": marked(
        "Released from held money, voucher {voucher} on {date}: {debit} to {credit}, {amount}."
    ),
    "on_account": marked(
        "Posted on account, voucher {voucher} on {date}: {debit} to {credit}, {amount}."
    ),
    "reversal": marked(
        "Posted as taken back, voucher {voucher} on {date}: {debit} to {credit}, {amount}."
    ),
    "rolled": marked(
        "The period of {bank_date} was not open: voucher {voucher} is of {date} instead."
    ),
    "voucher": marked("Voucher {voucher} was posted in journal {journal} on {date}: {about}."),
    "account": marked("Voucher {voucher}, account {account}: {amount}, postings: {count}."),
    "reverses": marked("Voucher {voucher} takes back voucher {other}."),
}

#: What settled what, by kind of application.
SETTLED = {
    "payment": marked("{amount} of {claim} was settled by {credit}, as of {date}."),
    "credit_note": marked("{amount} of {claim} was settled by {credit}, as of {date}."),
    "settled_in_erp": marked("{amount} of {claim} was settled in the ERP, as of {date}."),
    "write_off": marked("{amount} of {claim} was written off, as of {date}."),
    "penny": marked("A rest of {amount} of {claim} was posted away, as of {date}."),
    "reversal": marked("{amount} of {claim} is open again, as of {date}: {credit} came back."),
    "unapplied": marked(
        "{amount} of {claim} is open again, as of {date}: its settlement by {credit} was taken "
        "back."
    ),
    "reason": marked("The settlement of {claim} was asked for: {reason}"),
    "back_reason": marked("Why the settlement of {claim} was taken back: {reason}"),
    "same": marked("{credit} and {claim} settled each other with {amount}, as of {date}."),
}

HANDOVER = {
    "made": marked("Hand-over {handover} was made for the ERP as of {date}: {files}."),
    "total": marked("Hand-over {handover} holds {count} postings: {amount} on either side."),
    "posting": marked("Handed over to the ERP with {handover}: voucher {voucher}."),
    "settlement": marked("Handed over to the ERP with {handover}: the settlement of {claim}."),
    "back": marked(
        "Handed over to the ERP with {handover}: that the settlement of {claim} was taken back."
    ),
    "booked": marked("The ERP has booked {what}. {why}"),
    "unbooked": marked("It was taken back that the ERP has booked {what}. {why}"),
    "all": marked("hand-over {handover}"),
    "voucher": marked("voucher {voucher} of hand-over {handover}"),
    "one": marked("the settlement of {claim} in hand-over {handover}"),
    "one_back": marked(
        "that the settlement of {claim} was taken back, in hand-over {handover}"
    ),
    "some": marked("settlements of hand-over {handover}: {count}"),
    "standing": marked(
        "Of {things} postings and settlements in hand-over {handover}, the ERP has booked "
        "{booked}."
    ),
    "waits": marked("The settlement of {claim} waits for the next hand-over to the ERP."),
    "back_waits": marked(
        "That the settlement of {claim} was taken back waits for the next hand-over to the ERP."
    ),
}

#: How it became known that the ERP booked something.
HOW = {
    "person": marked("A person said so."),
    "receipt": marked("Its receipt says so."),
    "voucher_number": marked("Its file names the voucher."),
    "amount": marked("What it shows as open has fallen by as much."),
    "undo": marked("The import that showed it was undone."),
}

ERP = {
    "difference": marked(
        "The ERP shows {shown} open of {document}; we read {ours}, beside {handed_over} handed "
        "over and {waiting} waiting. Held: {class_}"
    ),
    "changed": marked(
        "The ERP tells {document} otherwise than it was collected. Held: {class_}"
    ),
    "booked": marked("Decided about {document}: the ERP has booked our settlement. {reason}"),
    "settled_in_erp": marked("Decided about {document}: settled in the ERP. {reason}"),
    "ours_stands": marked("Decided about {document}: our reading stands. {reason}"),
    "read_again": marked("A later file of the ERP answered the difference about {document}."),
    "undone": marked("The import that showed the difference about {document} was undone."),
    "imported": marked("{file} was accepted as all that is open on {date}: {effects}."),
    "imported_delta": marked("{file} was accepted as what is new on {date}: {effects}."),
    "import_undone": marked("The import of {file} was undone. {reason}"),
}

#: Why an entry is held between the ERP and us.
CLASSES = {
    "partly_booked": marked("only a part of what was handed over seems to be booked."),
    "above": marked("the ERP shows more than ever was open here."),
    "fall_while_waiting": marked("the ERP shows less while settlements of ours still wait."),
    "changed": marked("its facts differ."),
}

REFUND = {
    "ordered": marked("{amount} of {document} is to be paid back: {reason}"),
    "handed_over": marked("The refund of {amount} was handed over to the ERP with {handover}."),
    "withdrawn": marked("The refund of {amount} was withdrawn: {reason}"),
}

FILE = {
    "refused": marked("{file} was given to us and refused. {reason}"),
    "waiting": marked("{file} was given to us and waits for a person. {reason}"),
    "accepted": marked("{file} was given to us and accepted. {reason}"),
    "dry_run": marked("{file} was tried out. {reason}"),
    "read": marked("{file} was read: {lines} lines. It is kept as {sha256}."),
    "written": marked("{file} was written: {lines} lines. It is kept as {sha256}."),
    "outcome": marked("Lines of {file} that are {outcome}: {count}, together {amount}."),
    "taken_on": marked("{file} was taken on from the predecessor, collections: {count}."),
    "customer": marked("Customer {customer} came with {file}, line {line}."),
}

#: What an import from the ERP did with entries.
EFFECTS = {
    "new": marked("new"),
    "equal": marked("equal"),
    "not_booked_yet": marked("not booked yet"),
    "booked": marked("booked"),
    "settled_in_erp": marked("settled in the ERP"),
    "held": marked("held"),
    "changed": marked("stopped"),
    "replaced": marked("told anew"),
    "ours": marked("our own"),
}

#: What a file holds, by its format.
FORMATS = {
    "erp_customers": marked("customers from the ERP"),
    "erp_entries": marked("entries from the ERP"),
    "erp_agreements": marked("agreements from the ERP"),
    "betalingsservice_0601": marked("collections for the payment center"),
    "betalingsservice_0602": marked("payments from the payment center"),
    "betalingsservice_0603": marked("agreements from the payment center"),
    "betalingsservice_receipt": marked("a receipt of the payment center"),
}

#: Statuses of collections, as a sentence mentions them.
STATUSES = {
    "created": marked("created"),
    "valid": marked("valid"),
    "error": marked("in error"),
    "approved": marked("approved"),
    "signed": marked("signed"),
    "sent": marked("sent"),
    "in_process": marked("in process"),
    "collected": marked("collected"),
    "paid": marked("paid"),
    "center_error": marked("refused by the center"),
    "rejected": marked("rejected"),
    "agreement_cancelled": marked("without agreement"),
    "reversed": marked("taken back"),
    "stopped": marked("stopped"),
}

OUTCOMES = {
    "matched": marked("matched"),
    "held": marked("held"),
    "rejected": marked("rejected"),
    "ignored": marked("put aside"),
}

#: Where a reason is a code of ours, its words.
REASONS = {
    "suggested": marked("Suggested from the open entries."),
    "taken_on": marked("So the predecessor told."),
    "matched by a person": marked("A person matched the payment."),
}
