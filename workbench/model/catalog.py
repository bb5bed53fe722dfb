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
    "entries_stopped": Entry(
        "error",
        "Entries of the line that are on hold or disputed, or whose customer is on hold: "
        "{count}.",
        "Stop the line, or release the entries.",
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

#: What a predecessor sent before the workbench took over.
TAKE_ON: dict[str, Entry] = {
    "take_on_delivery_known": Entry(
        "fatal",
        "Delivery {delivery} is known already: {before}.",
        "Take on each delivery once; ours and the predecessor's numbers must not meet.",
    ),
    "take_on_no_single_system": Entry(
        "fatal",
        "The creditors of the file belong to no single collection system: {found}.",
        "Check that the file is for this company, or correct the set-up.",
    ),
    "take_on_unknown_customer": Entry(
        "error",
        "The customer '{found}' of this collection is not known.",
        "Import the customers first, those that have left included.",
    ),
    "take_on_reference_known": Entry(
        "error",
        "The reference '{found}' is that of another collection already.",
        "Leave the older delivery out if it was settled; a payment would find the wrong one.",
    ),
    "take_on_repeated_reference": Entry(
        "warning",
        "The reference '{found}' stands in several lines; they were taken on without it.",
        "Their payments will wait for a person, each with a suggestion.",
    ),
    "take_on_short_reference": Entry(
        "warning",
        "Another collection has the same first 9 characters of the reference '{found}'.",
        "A payment slip that returns only those will wait for a person.",
    ),
    "take_on_not_collected": Entry(
        "warning",
        "The line collects nothing ({found} øre) and was not taken on.",
        "What the center tells of it will wait for a person.",
    ),
    "take_on_not_linked": Entry(
        "warning",
        "No open entries of customer '{customer}' fit this collection without doubt.",
        "Its payment will wait on the customer's account; entries of its due date are on hold.",
    ),
}

#: The set-up of the ledger: a TOML file that a person wrote.
LEDGER_SETUP: dict[str, Entry] = {
    "ledger_setup_unreadable": Entry(
        "fatal",
        "The set-up cannot be read as TOML: {fault}.",
        "Mend the file; `workbench ledger show --toml` prints one to start from.",
    ),
    "ledger_setup_unknown_key": Entry(
        "error",
        "{key} is not known here; known: {expected}.",
        "Correct the name, or remove it.",
    ),
    "ledger_setup_missing": Entry(
        "error",
        "{key} is missing; expected: {expected}.",
        "Add it to the file.",
    ),
    "ledger_setup_bad_value": Entry(
        "error",
        "{key} holds '{found}' where {expected} is expected.",
        "Correct it in the file.",
    ),
    "ledger_setup_twice": Entry(
        "error",
        "{key}: '{found}' stands in the file more than once.",
        "Remove one of the two.",
    ),
    "ledger_setup_in_use": Entry(
        "error",
        "{key} cannot become '{found}': {expected} is in use.",
        "What was posted keeps its account and number; add a new one for what comes.",
    ),
}

#: Files from the ERP: what kind of file it is, and what exports carry beside their rows.
ERP_EXPORTS: dict[str, Entry] = {
    "erp_other_encoding": Entry(
        "fatal",
        "The file is written in {found}, not in {expected}.",
        "Export it as UTF-8, or give its real encoding in the mapping.",
    ),
    "erp_other_delimiter": Entry(
        "fatal",
        "The file has one column where cells are split at '{expected}'; it seems to use "
        "'{found}'.",
        "Give this delimiter in the mapping.",
    ),
    "erp_old_workbook": Entry(
        "fatal",
        "'{name}' is a workbook of an Excel before 2007.",
        "Save it as .xlsx.",
    ),
    "erp_bad_workbook": Entry(
        "fatal",
        "'{name}' cannot be opened as a workbook: {fault}.",
        "Save it anew as .xlsx, without a password.",
    ),
    "erp_no_sheet": Entry(
        "fatal",
        "The workbook has no sheet '{found}' that can be read; it has: {expected}.",
        "Give the sheet's name in the mapping; a hidden sheet is read only when it is named.",
    ),
    "erp_bad_parquet": Entry(
        "fatal",
        "'{name}' cannot be read as a Parquet file: {fault}.",
        "Write it anew.",
    ),
    "erp_column_type": Entry(
        "fatal",
        "The column '{column}' holds values of the type {found}, which {field} cannot have.",
        "Write it as text, as a whole or decimal number, or as a date.",
    ),
    "erp_nul": Entry(
        "error",
        "'{found}' holds a NUL character.",
        "Export the file anew; it is damaged, or not a text file.",
    ),
    "erp_other_notation": Entry(
        "error",
        "{field} holds '{found}', a number in another notation than {expected}.",
        "Turn the decimal and thousands marks around in the mapping, if the whole file is so.",
    ),
    "erp_ambiguous_number": Entry(
        "error",
        "{field} holds '{found}', and no cell of its column shows whether '{expected}' stands "
        "before thousands or before decimals.",
        "Export amounts with their decimals, or without a mark between thousands.",
    ),
    "erp_excel_serial": Entry(
        "error",
        "{field} holds '{found}', which looks like a date as Excel counts days: {expected}.",
        "Format the column as dates before the file is saved.",
    ),
    "erp_formula": Entry(
        "error",
        "{field} holds the formula '{found}' where a value like {expected} is expected.",
        "Export values, not formulas.",
    ),
    "erp_formula_text": Entry(
        "warning",
        "{field} begins with an equals sign: '{found}' (cells like this: {rows}).",
        "It is kept as text and never computed; correct it in the ERP if it is none.",
    ),
    "erp_formula_without_value": Entry(
        "error",
        "{field} holds a formula whose value is not in the workbook.",
        "Open the workbook in Excel, save it, and import it again.",
    ),
    "erp_error_value": Entry(
        "error",
        "{field} holds an error value of Excel, such as #N/A.",
        "Mend the formula in the workbook, or correct the value in the ERP.",
    ),
    "erp_lost_digits": Entry(
        "error",
        "{field} holds '{found}', a number so long that Excel has rounded it.",
        "Format the column as text before the numbers are filled in.",
    ),
    "erp_totals_row": Entry(
        "error",
        "The last row is a row of totals: '{found}'.",
        'Export without totals, or set totals_row = "skip" in the mapping.',
    ),
    "erp_totals_skipped": Entry(
        "warning",
        "The last row, '{found}', is a row of totals and was skipped.",
        "Nothing is to be done; the mapping says so.",
    ),
    "erp_mojibake": Entry(
        "warning",
        "{field} holds '{found}', whose letters seem garbled (cells like this: {rows}).",
        "Compare the encoding in the mapping with the file's; export it as UTF-8.",
    ),
    "erp_no_rows": Entry(
        "warning",
        "'{name}' has headings and no rows.",
        "Check that the export found what it should.",
    ),
    "erp_more_faults": Entry(
        "error",
        "{field} holds '{found}', and {more} cells of the column from here on are bad as well.",
        "Correct those above first; perhaps the mapping does not fit the file.",
    ),
}

#: What a file of entries says of what remains, beside what is known.
ERP_REMAINING: dict[str, Entry] = {
    "erp_remaining_needed": Entry(
        "fatal",
        "A full file must tell what remains of each entry; the mapping of {name} does not.",
        "Name the column of the remaining amount in the mapping, or import it as a part.",
    ),
    "erp_full_empty": Entry(
        "fatal",
        "The file holds no entry, as if nothing were open any more.",
        "Export the file anew; or import what was settled as a part, with 0 remaining.",
    ),
    "erp_full_older": Entry(
        "fatal",
        "All open entries as of {last} are known already; the file is as of {found}.",
        "Export the open entries of today; an older state would undo what is known since.",
    ),
    "erp_remaining_wrong": Entry(
        "error",
        "{field} holds '{found}', beyond the amount of the entry or on its other side.",
        "Look the entry up in the ERP; what remains lies between zero and the amount.",
    ),
    "erp_voucher_unfit": Entry(
        "warning",
        "'{found}' is a voucher of ours, but none of its entries has this customer and amount.",
        "The row was left out. Look up in the ERP what it booked under our voucher number.",
    ),
    "erp_full_too_few": Entry(
        "error",
        "{found} of {known} known open entries in {currency} would be closed, or told "
        "otherwise.",
        "Make sure that the export was complete and of this company. If it was, import it "
        "again and confirm it with a reason (`--confirm`).",
    ),
    "erp_many_missing": Entry(
        "warning",
        "{found} of {known} known open entries are missing from the file.",
        "They count as settled in the ERP. Make sure that the export was complete.",
    ),
}

#: What goes back to the ERP, and its receipts.
HANDOVER: dict[str, Entry] = {
    "handover_unencodable": Entry(
        "error",
        "{heading} holds '{found}', which {expected} cannot write.",
        "Correct the text, or choose another encoding in the layout.",
    ),
    "handover_too_long": Entry(
        "error",
        "{heading} takes {expected} characters; '{found}' has more.",
        "Shorten it where it comes from, or allow more in the layout.",
    ),
    "handover_too_many_rows": Entry(
        "error",
        "The delivery has {count} lines; a worksheet holds {limit}.",
        "Hand over up to an earlier posting date, or choose a CSV layout.",
    ),
    "handover_unfit_voucher": Entry(
        "warning",
        "Voucher {voucher} is not in {currency}, nor are all its amounts known in it.",
        "It waits on; hand it over with another layout.",
    ),
    "handover_receipt_encoding": Entry(
        "fatal",
        "The receipt is not written in UTF-8.",
        "Export it again as UTF-8.",
    ),
    "handover_receipt_heading": Entry(
        "fatal",
        "The receipt lacks the headings: {expected}.",
        "Its first row must hold delivery, voucher and status.",
    ),
    "handover_receipt_row": Entry(
        "error",
        "The row does not have the cells that the headings ask for: {fault}.",
        "Export the receipt again, or correct the row.",
    ),
    "handover_receipt_status": Entry(
        "error",
        "The status is '{found}'; known: {expected}.",
        "Correct the row.",
    ),
    "handover_receipt_unknown": Entry(
        "error",
        "{number} was not handed over.",
        "Check that the receipt is of this company, and its numbers.",
    ),
    "handover_receipt_disagrees": Entry(
        "error",
        "{number} is both booked and refused.",
        "Ask which of the two holds, and correct the receipt.",
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
    **ERP_REMAINING,
    **ERP_EXPORTS,
    **TAKE_ON,
    **LEDGER_SETUP,
    **HANDOVER,
}
