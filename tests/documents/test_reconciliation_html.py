from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from types import ModuleType

import pytest
from jinja2 import UndefinedError

from workbench.documents.page import environment
from workbench.documents.reconciliation import html

VOID = {"meta", "link", "br", "img"}


class Reader(HTMLParser):
    """Tags, attributes and text of a page; fails where tags do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: bytes) -> Reader:
    reader = Reader()
    reader.feed(page.decode())
    reader.close()
    assert reader.open == []
    return reader


def test_a_page_refers_to_nothing_outside_itself(samples: ModuleType) -> None:
    page = html(samples.example(), created=samples.CREATED)
    reader = read(page)
    assert not {tag for tag, _ in reader.tags} & {"script", "link", "img", "iframe", "object"}
    for _, attributes in reader.tags:
        assert "src" not in attributes
        assert "style" not in attributes
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(rb"https?:|//[a-z]|@import|url\(", page)
    ids = {attributes["id"] for _, attributes in reader.tags if "id" in attributes}
    links = {attributes["href"] for _, attributes in reader.tags if "href" in attributes}
    assert links <= {f"#{anchor}" for anchor in ids}


def test_a_hostile_name_stays_text(samples: ModuleType) -> None:
    evil = "<script>alert('1')</script>\"><b>&amp;"
    report = samples.example(held=1, matched=1)
    held = replace(report.held[0], reason=evil, advice=evil, file=evil, reference="<i>")
    report = replace(
        report, company=evil, prepared_by=evil, run=evil, notes=(evil,), held=(held,)
    )
    page = html(report, created=samples.CREATED)
    reader = read(page)
    assert not {tag for tag, _ in reader.tags} & {"script", "b", "i"}
    assert "".join(reader.text).count(evil) >= 5


def test_page_and_paper_say_the_same(samples: ModuleType) -> None:
    report = samples.example(held=12, matched=30)
    text = "\n".join(read(html(report, created=samples.CREATED)).text)
    for part in (
        "Afstemningsrapport",
        "Ærøskøbing & Omegns Forsyning A.m.b.a.",
        "1 afstemning går ikke op",
        "2.413.302,75",
        "Søren Østergård",
        report.audit_head,
        report.files[0].sha256,
        "Kundenummeret findes ikke",
    ):
        assert part in text
    for line in report.matched:
        assert line.reference in text


def test_marks_are_colored_by_class(samples: ModuleType) -> None:
    reader = read(html(samples.example(), created=samples.CREATED))
    classes = [attributes.get("class") for _, attributes in reader.tags]
    assert classes.count("mark no") == 1
    assert classes.count("mark yes") > 8


def test_equal_reports_give_equal_pages(samples: ModuleType) -> None:
    pages = {html(samples.example(), created=samples.CREATED) for _ in range(2)}
    assert len(pages) == 1


def test_a_misspelled_name_is_an_error_and_filters_speak_the_language() -> None:
    with pytest.raises(UndefinedError):
        environment("da").from_string("{{ nobody.name }}").render()
    template = environment("da").from_string("{{ 123456|amount('DKK') }} {{ _('Amount') }}")
    assert template.render() == "1.234,56 Beløb"
