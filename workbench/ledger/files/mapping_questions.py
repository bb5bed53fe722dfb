"""What a file does not show for sure, as a question to the person who maps it."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.model.texts import marked, translate

_WORDS = {
    "unread": marked("The file cannot be read: {fault}"),
    "missing": marked("Which column holds {field}? It is required, and none was found."),
    "choice": marked("{field}: '{chosen}' was taken; '{other}' could be meant as well."),
    "content": marked("'{chosen}' is called like {field}, but its cells do not look so."),
    "sheet": marked("The workbook has the sheets {other}; '{chosen}' was taken."),
    "no_header": marked("The file seems to have no headings; columns are named by number."),
    "marks": marked("No number shows which mark stands before decimals; '{chosen}' was taken."),
    "date": marked("Dates can be read as {chosen} or as {other}; the first was taken."),
    "serial": marked(
        "'{chosen}' holds dates as Excel counts days; format the column as dates."
    ),
    "code": marked("What does '{found}' in '{chosen}' mean? Known: {known}."),
    "currency": marked("No currency is given for some rows; {chosen} was taken."),
    "kind": marked("No kind is given for some rows; 'other' was taken."),
    "no_kind": marked("No column says what kind an entry is; is each an invoice?"),
    "sign": marked("No credit note shows its sign; negative was taken."),
    "signs": marked("Credit notes have both signs; '{chosen}' was taken."),
    "rate": marked("Is '{chosen}' the price of one unit of the currency, or of a hundred?"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the file does not show for sure."""

    code: str
    params: dict[str, str]

    def text(self, language: str = "en") -> str:
        """The question in the reader's language."""
        return translate(_WORDS[self.code], language=language).format(**self.params)
