"""Printing: a document in, PDF bytes out."""

from __future__ import annotations

import datetime as dt
from contextlib import closing

from workbench.documents.document import Document
from workbench.documents.paper import Paper
from workbench.documents.paper_blocks import facts, prose, signatures, title_block, verdict
from workbench.documents.paper_table import draw_table


def print_document(document: Document, *, created: dt.datetime) -> bytes:
    """The document as PDF bytes; equal documents and dates give equal bytes."""
    with closing(Paper(document, created=created)) as paper:
        title_block(paper)
        facts(paper, document.facts)
        verdict(paper, document.verdict)
        for table in document.tables:
            draw_table(paper, table)
        if document.notes:
            prose(paper, paper.say("Notes"), document.notes)
        if document.signatures:
            signatures(paper, document.signatures)
        return bytes(paper.output())
