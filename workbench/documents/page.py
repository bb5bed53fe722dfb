"""A document as one HTML page: no script, no link, no picture from elsewhere."""

from __future__ import annotations

from functools import cache, partial

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workbench.documents.document import Document
from workbench.documents.locale_format import locale_format
from workbench.model.resources import resource_folder
from workbench.model.texts import translate


@cache
def environment(language: str) -> Environment:
    """Templates in a language: everything is escaped, and a misspelled name is an error.

    Filters `amount(currency)`, `money(currency)`, `integer`, `date` and `moment` write in
    the language's notation; `_` translates.
    """
    made = Environment(
        loader=FileSystemLoader(resource_folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    numbers = locale_format(language)
    made.filters.update(
        amount=numbers.amount,
        money=numbers.money,
        integer=numbers.integer,
        date=numbers.date,
        moment=numbers.moment,
    )
    made.globals["_"] = partial(translate, language=language)
    return made


def render(document: Document, *, template: str) -> bytes:
    """The document through a template of the templates folder, in UTF-8."""
    page = environment(document.language).get_template(template)
    return page.render(document=document).encode()
