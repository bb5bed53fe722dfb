"""Every list that has a name, of all rooms: what the command line and the screens offer."""

from __future__ import annotations

from workbench.collection import collection_lists
from workbench.ledger import ledger_lists
from workbench.ledger.named_list import NamedList, list_named

#: In the order in which they are offered.
LISTS: tuple[NamedList, ...] = (*ledger_lists.LISTS, *collection_lists.LISTS)


def named(name: str) -> NamedList:
    """The list of a name.

    Raises:
        UnknownListError: There is none; says which there are.
    """
    return list_named(LISTS, name)
