"""People of the demo company: Danish names and addresses that belong to nobody.

Names are drawn apart from each other, streets are put together from parts, and nobody has a
CPR number, a telephone or a bank account.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST_NAMES = _words(
    "Anne Anna Kirsten Mette Hanne Helle Susanne Maria Marianne Inge Karen Lone Camilla "
    "Pia Charlotte Louise Tina Gitte Bente Ida Jytte Sofie Åse Bodil Solvej Dagny Signe "
    "Peter Jens Michael Lars Henrik Thomas Søren Jan Niels Christian Martin Jørgen Hans "
    "Anders Morten Jesper Ole Per Mads Erik Kåre Bjørn Øjvind Troels Asger Villads"
)
_MIDDLE_NAMES = _words("Bjerre Krogh Dahl Skov Holm Lund Kjær Bech Friis Nørgaard Vestergaard")
_LAST_NAMES = _words(
    "Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen "
    "Jørgensen Petersen Madsen Kristensen Olsen Thomsen Poulsen Johansen Knudsen Mortensen "
    "Møller Jakobsen Mikkelsen Østergaard Bødker Ågård Kjærgaard Thøgersen Vinther Nygaard"
)
_STREET_HEADS = _words(
    "Lærke Vibe Mose Klit Strand Havre Hvede Enebær Tjørne Skræppe Sivkær Ryle Brombær "
    "Æble Ørred Åkande Marehalm Kvas Tang Blåmuslinge Isfugle Grævlinge"
)
_STREET_TAILS = _words("vej vænget bakken engen stien parken toften krogen ager lunden")
_TOWNS = (
    ("9300", "Sæby"),
    ("9330", "Dronninglund"),
    ("9352", "Dybvad"),
    ("9480", "Løkken"),
    ("9490", "Pandrup"),
    ("9700", "Brønderslev"),
    ("9740", "Jerslev J"),
    ("9760", "Vrå"),
    ("9800", "Hjørring"),
    ("9850", "Hirtshals"),
    ("9881", "Bindslev"),
    ("9900", "Frederikshavn"),
    ("9970", "Strandby"),
    ("9990", "Skagen"),
)
_ASSOCIATIONS = ("Ejerforeningen", "Andelsboligforeningen", "Grundejerforeningen")
_ASSOCIATION_SHARE = 0.04
_SECOND_LINE_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class Person:
    """One customer's name and address.

    Attributes:
        association: Whether it is a housing association.
    """

    name: str
    address_1: str
    address_2: str
    postcode: str
    city: str
    association: bool


def draw_person(chance: Random) -> Person:
    """Somebody who does not exist."""
    street = _street(chance)
    association = chance.random() < _ASSOCIATION_SHARE
    private_name = _private_name(chance)
    postcode, city = chance.choice(_TOWNS)
    second_line = ""
    if association:
        second_line = f"v/ {private_name}"
    elif chance.random() < _SECOND_LINE_SHARE:
        second_line = chance.choice(("c/o ", "Lejl. "))
        second_line += _private_name(chance) if second_line == "c/o " else "2. tv."
    return Person(
        name=f"{chance.choice(_ASSOCIATIONS)} {street}" if association else private_name,
        address_1=f"{street} {chance.randrange(1, 180)}{chance.choice(('', '', '', 'A', 'B'))}",
        address_2=second_line,
        postcode=postcode,
        city=city,
        association=association,
    )


def _street(chance: Random) -> str:
    return chance.choice(_STREET_HEADS) + chance.choice(_STREET_TAILS)


def _private_name(chance: Random) -> str:
    first, last = chance.choice(_FIRST_NAMES), chance.choice(_LAST_NAMES)
    if chance.random() < 0.3:
        return f"{first} {chance.choice(_MIDDLE_NAMES)} {last}"
    return f"{first} {last}"
