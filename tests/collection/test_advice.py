"""Every reason to hold a line comes with something to do."""

from workbench.collection.advice import ADVICE
from workbench.matching.classes import CLASSES


def test_every_class_has_advice() -> None:
    assert set(ADVICE) == set(CLASSES)
