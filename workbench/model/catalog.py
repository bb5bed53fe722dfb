"""The catalog of problems: severity, words and what to do, keyed by code.

A new problem is one entry here. Words in braces are the problem's params.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Entry:
    """The severity and the English words of one problem code."""

    severity: Literal["fatal", "error", "warning"]
    message: str
    advice: str


#: Files as such.
FILES: dict[str, Entry] = {
    "unknown_format": Entry(
        "fatal",
        "{name} is of no known kind.",
        "Check that it is the file that the payment center or the bank sent.",
    ),
    "empty_file": Entry(
        "fatal",
        "{name} is empty.",
        "Fetch the file again from the sender.",
    ),
}

#: Fixed-width records, whatever the format.
RECORDS: dict[str, Entry] = {
    "bad_number": Entry(
        "error",
        "{field} holds '{found}' where {expected} are due.",
        "Ask the sender for a corrected file; accepted, the record becomes a held line.",
    ),
    "bad_amount": Entry(
        "error",
        "{field} holds '{found}' where an amount of {expected} is due.",
        "Ask the sender for a corrected file; accepted, the record becomes a held line.",
    ),
    "bad_date": Entry(
        "error",
        "{field} holds '{found}', which is not {expected}.",
        "Ask the sender for a corrected file; accepted, the record becomes a held line.",
    ),
    "bad_sign": Entry(
        "error",
        "{field} holds '{found}' where {expected} is due.",
        "Ask the sender for a corrected file; accepted, the record becomes a held line.",
    ),
    "line_too_long": Entry(
        "warning",
        "The line has {length} characters; what stands behind position 128 is not read.",
        "Check that the file was not changed on its way.",
    ),
}

#: Betalingsservice deliveries and receipts.
BETALINGSSERVICE: dict[str, Entry] = {
    "truncated": Entry(
        "fatal",
        "The delivery has no end record (BS992): it is cut off after this line.",
        "Fetch the whole file again.",
    ),
    "two_deliveries": Entry(
        "fatal",
        "A second delivery begins here, after delivery {first}.",
        "Split the file at this line, so that each delivery is a file of its own.",
    ),
    "wrong_total": Entry(
        "error",
        "{level} declares an amount of {declared} øre and adds up to {computed} øre.",
        "Ask the payment center which is right before you accept the file.",
    ),
    "wrong_count": Entry(
        "error",
        "{level} declares {declared} payment records (042) and holds {computed}.",
        "Records may be lost: fetch the file again, or ask the payment center.",
    ),
    "wrong_text_count": Entry(
        "error",
        "{level} declares {declared} text records (052, 062) and holds {computed}.",
        "Records may be lost: fetch the file again, or ask the payment center.",
    ),
    "wrong_address_count": Entry(
        "error",
        "{level} declares {declared} address records (022) and holds {computed}.",
        "Records may be lost: fetch the file again, or ask the payment center.",
    ),
    "wrong_section_count": Entry(
        "error",
        "{level} declares {declared} sections and holds {computed}.",
        "A section may be lost: fetch the file again, or ask the payment center.",
    ),
    "unknown_code": Entry(
        "error",
        "The transaction code '{found}' is not known in this section.",
        "Ask the payment center what it means; accepted, the record becomes a held line.",
    ),
    "unknown_record": Entry(
        "error",
        "The record type '{record}' is not known.",
        "Ask the payment center what it means; accepted, the record becomes a held line.",
    ),
    "unknown_section": Entry(
        "error",
        "The section {section} is not known in this delivery.",
        "Ask the payment center what it means; accepted, its records become held lines.",
    ),
    "record_outside_section": Entry(
        "error",
        "The record {record} stands outside of a section.",
        "A section start may be lost: fetch the file again, or ask the payment center.",
    ),
    "section_without_end": Entry(
        "error",
        "The section {section} that begins here has no end record (BS092).",
        "Its totals cannot be checked: fetch the file again, or ask the payment center.",
    ),
    "section_end_disagrees": Entry(
        "error",
        "{field} is '{found}' in the end of the section and '{expected}' in its start.",
        "Records may be lost or mixed up: ask the payment center.",
    ),
    "end_disagrees": Entry(
        "error",
        "{field} is '{found}' in the end of the delivery and '{expected}' in its start.",
        "Two files may be mixed up: ask the payment center.",
    ),
    "records_after_end": Entry(
        "error",
        "{count} lines stand behind the end of the delivery, from this one on.",
        "Two files may be mixed up; accepted, their payment records become held lines.",
    ),
    "record_disagrees": Entry(
        "warning",
        "{field} is '{found}' here and '{expected}' in the start of the section.",
        "The section's is used; ask the payment center if this comes again.",
    ),
    "sign_and_amount": Entry(
        "warning",
        "The sign code says 'no amount', but the amount collected for is {amount}.",
        "It is read as nothing to collect; compare it with the collection.",
    ),
    "text_too_long": Entry(
        "error",
        "{field} of customer {customer} is longer than {width} characters: '{found}'.",
        "Shorten it: nothing is cut by itself.",
    ),
    "text_not_latin1": Entry(
        "error",
        "{field} of customer {customer} has a character that the format lacks: '{found}'.",
        "Write it with letters of ISO-8859-1.",
    ),
    "receipt_in_delivery": Entry(
        "warning",
        "A receipt begins here, within the file of a delivery; it is not read.",
        "Save the receipt as a file of its own and import it too.",
    ),
    "delivery_in_receipts": Entry(
        "fatal",
        "A delivery begins here, within a file of receipts.",
        "Split the file at this line, so that the delivery is a file of its own.",
    ),
    "bad_receipt": Entry(
        "error",
        "The receipt's first line is not laid out as known: {found}",
        "Look at the receipt yourself, and ask the payment center.",
    ),
}

#: The same thing twice, and files that nobody here waits for.
INCOMING: dict[str, Entry] = {
    "read_before": Entry(
        "fatal",
        "{name} was read before, as {before}.",
        "Nothing to do: each file counts once.",
    ),
    "delivery_read_before": Entry(
        "fatal",
        "{name} has the delivery identification {delivery} of {before}, but other content.",
        "Ask the payment center which of the two files is right.",
    ),
    "all_lines_known": Entry(
        "error",
        "All {count} payment lines of {name} were read before, in another delivery.",
        "If the payments are new in spite of that, accept the file with a reason.",
    ),
    "unknown_creditor": Entry(
        "fatal",
        "The file is for creditor {found}, which is not set up here.",
        "Check that the file is for this company, or set up the creditor number.",
    ),
    "receipt_without_delivery": Entry(
        "error",
        "The receipt belongs to no delivery that waits for one.",
        "Check whether the delivery was sent from here; the receipt waits.",
    ),
    "receipt_twice": Entry(
        "error",
        "Delivery {delivery} has this receipt already, with code {before}; now {found}.",
        "Ask the payment center which of the two counts.",
    ),
    "kind_not_imported": Entry(
        "error",
        "Files of kind {found} are read, but nothing is posted from them.",
        "Look at it with `workbench read`; it changes nothing here.",
    ),
}

#: Faults of a line in the collection journal.
JOURNAL: dict[str, Entry] = {
    "due_date_outside_window": Entry(
        "error",
        "The due date {found} is not between {first} and {last}.",
        "Change the due date, or send the line with another delivery.",
    ),
    "customer_collected_twice": Entry(
        "error",
        "The customer has another collection due on {found}.",
        "Stop one of the two lines, or change its due date.",
    ),
    "entries_changed": Entry(
        "error",
        "The entries of the line now come to {found} minor units, the line to {expected}.",
        "Stop the line and make a new suggestion.",
    ),
    "entries_held_with_erp": Entry(
        "error",
        "Entries of the line that the ERP shows otherwise: {count}.",
        "Decide the difference with the ERP, or stop the line.",
    ),
}

#: Files from the ERP: rows and columns of a CSV file.
ERP_FILES: dict[str, Entry] = {
    "erp_column_missing": Entry(
        "fatal",
        "The file has no column '{column}' for {field}; it has: {expected}.",
        "Mend the mapping, or export the file with this column.",
    ),
    "erp_column_twice": Entry(
        "fatal",
        "The file has the column '{column}' for {field} more than once.",
        "Name the column by its number in the mapping, or export the file anew.",
    ),
    "erp_read_as_other": Entry(
        "fatal",
        "The same bytes were imported before, as {found}.",
        "Choose the file that you mean; a file is imported for one purpose.",
    ),
    "erp_broken_row": Entry(
        "error",
        "The row cannot be split into cells: {fault}.",
        "Mend the quotes in the file, or the delimiter and quote in the mapping.",
    ),
    "erp_uneven_row": Entry(
        "error",
        "The row has {found} cells where the first row has {expected}.",
        "Look for a delimiter within a text that is not quoted.",
    ),
    "erp_unreadable": Entry(
        "error",
        "'{found}' holds bytes that are not {expected}.",
        "Give the file's real encoding in the mapping, or export the file anew.",
    ),
    "erp_value_missing": Entry(
        "error",
        "{field} is empty.",
        "Fill it in the ERP, or give a default in the mapping.",
    ),
    "erp_bad_number": Entry(
        "error",
        "{field} holds '{found}', which is not a number like {expected}.",
        "Correct it in the ERP, or the decimal and thousands marks in the mapping.",
    ),
    "erp_too_many_decimals": Entry(
        "error",
        "{field} holds '{found}' where at most {expected} decimals are possible.",
        "Correct it in the ERP; the workbench rounds nothing.",
    ),
    "erp_bad_date": Entry(
        "error",
        "{field} holds '{found}', which is not a date like {expected}.",
        "Correct it in the ERP, or the date format in the mapping.",
    ),
    "erp_bad_value": Entry(
        "error",
        "{field} holds '{found}' where {expected} is expected.",
        "Correct it in the ERP, or translate it under [values] in the mapping.",
    ),
    "erp_unknown_currency": Entry(
        "error",
        "{field} holds '{found}', which is none of {expected}.",
        "Correct it in the ERP, or translate it under [values] in the mapping.",
    ),
    "erp_zero_amount": Entry(
        "error",
        "{field} holds '{found}': an entry of nothing.",
        "Leave the entry out of the export.",
    ),
    "erp_wrong_sign": Entry(
        "error",
        "{field} holds '{found}' where {expected} is expected.",
        "Correct the kind of the entry, or credit_sign in the mapping.",
    ),
    "erp_duplicate": Entry(
        "error",
        "{field} '{found}' stands in line {first_line} already.",
        "Remove one of the two in the ERP.",
    ),
    "erp_unknown_customer": Entry(
        "error",
        "The customer '{found}' is not known.",
        "Import the customers first, or correct the number in the ERP.",
    ),
    "erp_unknown_creditor": Entry(
        "error",
        "The creditor '{found}' is not set up.",
        "Correct the number, or set the creditor up.",
    ),
    "erp_unknown_debtor_group": Entry(
        "error",
        "The creditor has no debtor group '{found}'.",
        "Correct the number, or set the group up.",
    ),
    "erp_dates_reversed": Entry(
        "error",
        "{field} '{found}' lies before {expected}.",
        "Correct the dates in the ERP.",
    ),
    "entry_changed": Entry(
        "error",
        "{field} holds '{found}', but the entry was imported with '{expected}'.",
        "Reverse the entry in the ERP and export a new one; a booked entry never changes.",
    ),
    "erp_due_before_document": Entry(
        "warning",
        "{field} '{found}' lies before the date of the document.",
        "Check the dates in the ERP.",
    ),
    "erp_unusual_customer_no": Entry(
        "warning",
        "The payment center takes no customer number like '{found}'.",
        "Use at most 15 letters and digits where the customer pays by direct debit.",
    ),
    "erp_unusual_legal_id": Entry(
        "warning",
        "{field} '{found}' has not the form of a CPR or CVR number.",
        "Check it; a wrong number sends the payment slip to nobody.",
    ),
}

#: Every problem that the workbench can report.
CATALOG: dict[str, Entry] = {
    **FILES,
    **INCOMING,
    **JOURNAL,
    **RECORDS,
    **BETALINGSSERVICE,
    **ERP_FILES,
}
