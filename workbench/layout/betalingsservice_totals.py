"""What a Betalingsservice delivery says about itself, compared with what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.layout.betalingsservice_records import DeliveryEnd, SectionEnd
from workbench.layout.betalingsservice_walk import Span, Tag, Walk
from workbench.model.deliveries import Section, Totals
from workbench.model.problems import Problem

#: How amounts may be summed: rule -> the signed sum of each section, index 0 for none.
Sums = Mapping[str, npt.NDArray[np.int64]]

_COUNTS = {
    "sections": "wrong_section_count",
    "count": "wrong_count",
    "text_count": "wrong_text_count",
    "address_count": "wrong_address_count",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """The totals of all levels."""

    sections: tuple[Section, ...]
    declared: Totals
    computed: Totals
    agrees: bool
    problems: tuple[Problem, ...]


def sum_by_section(
    amounts: npt.NDArray[np.int64], sections: npt.NDArray[np.int32], *, count: int
) -> npt.NDArray[np.int64]:
    """The exact sums of amounts per section index, index 0 for amounts outside of any."""
    sums = np.zeros(count + 1, np.int64)
    np.add.at(sums, sections, amounts)
    return sums


def check(found: Walk, sums: Sums, *, text_counts_optional: bool) -> Checked:
    """Compare every count and amount of sections and delivery.

    The first rule whose sum fits is the section's rule; where none fits, the first rule. Of
    the delivery's amount, the sections' own rules come first, then one rule for all.

    Args:
        found: The structure of the file.
        sums: The rules that the format allows, the usual one first.
        text_counts_optional: Whether zeros stand for counts of text and address records
            that the sender does not give (0602, 0603).
    """
    stop = len(found.lines) if found.end_line is None else found.end_line
    counts = {
        name: np.bincount(
            found.sections[:stop][np.isin(found.tags[:stop], tags)],
            minlength=len(found.spans) + 1,
        )
        for name, tags in (
            ("count", (Tag.PAYMENT,)),
            ("text_count", (Tag.TEXT, Tag.SEPARATE_TEXT)),
            ("address_count", (Tag.ADDRESS,)),
        )
    }
    problems: list[Problem] = []
    sections: list[Section] = []
    chosen = 0
    for span in found.spans:
        declared = _declared(span.end)
        rule = _fitting(sums, span, declared)
        signed = int(sums[rule][span.index])
        chosen += signed
        computed = Totals(
            amount_minor=abs(signed),
            **{name: int(by_section[span.index]) for name, by_section in counts.items()},
        )
        faults = _differences(declared, computed, optional=text_counts_optional)
        problems += _problems(found, faults, declared, computed, span=span)
        agrees = declared.count is not None and not faults
        sections.append(_section(span, rule, declared, computed, agrees=agrees))
    declared = _declared(found.end)
    computed = Totals(
        sections=len(sections),
        amount_minor=_delivery_amount(chosen, sections, sums, declared),
        **{name: int(by_section.sum()) for name, by_section in counts.items()},
    )
    faults = _differences(declared, computed, optional=text_counts_optional)
    problems += _problems(found, faults, declared, computed, span=None)
    said = None not in (declared.sections, declared.count, declared.amount_minor)
    agrees = said and not faults and all(part.agrees for part in sections)
    return Checked(tuple(sections), declared, computed, agrees, tuple(problems))


def _declared(end: dict[str, object] | None) -> Totals:
    names = ("sections", "count", "amount_minor", "text_count", "address_count")
    found = {name: (end or {}).get(name) for name in names}
    return Totals(**{name: v if isinstance(v, int) else None for name, v in found.items()})


def _fitting(sums: Sums, span: Span, declared: Totals) -> str:
    fits = (rule for rule in sums if abs(int(sums[rule][span.index])) == declared.amount_minor)
    return next(fits, next(iter(sums)))


def _delivery_amount(chosen: int, sections: list[Section], sums: Sums, declared: Totals) -> int:
    by_rule = (abs(int(by_section[1:].sum())) for by_section in sums.values())
    magnitudes = sum(section.computed.amount_minor or 0 for section in sections)
    candidates = (abs(chosen), magnitudes, *by_rule)
    return next((sum_ for sum_ in candidates if sum_ == declared.amount_minor), abs(chosen))


def _differences(declared: Totals, computed: Totals, *, optional: bool) -> list[str]:
    """The names of the totals that differ."""
    differing = []
    for name in ("sections", "count", "amount_minor", "text_count", "address_count"):
        said, held = getattr(declared, name), getattr(computed, name)
        unsaid = optional and said == 0 and name in ("text_count", "address_count")
        if said is not None and not unsaid and said != held:
            differing.append(name)
    return differing


def _problems(
    found: Walk, names: list[str], declared: Totals, computed: Totals, *, span: Span | None
) -> list[Problem]:
    record = SectionEnd if span else DeliveryEnd
    at = span.stop - 1 if span else found.end_line
    assert at is not None or not names
    return [
        Problem(
            _COUNTS.get(name, "wrong_total"),
            {
                "level": f"Section {span.index} ({span.kind})" if span else "The delivery",
                "declared": getattr(declared, name),
                "computed": getattr(computed, name),
            },
            source=found.name,
            line=at + 1,
            column=record.fields[name].first,
            excerpt=found.lines.text(at),
        )
        for name in names
        if at is not None
    ]


def _section(
    span: Span, rule: str, declared: Totals, computed: Totals, *, agrees: bool
) -> Section:
    return Section(
        index=span.index,
        kind=span.kind,
        creditor_no=span.creditor_no,
        debtor_group=span.debtor_group,
        rule=rule,
        declared=declared,
        computed=computed,
        agrees=agrees,
    )
