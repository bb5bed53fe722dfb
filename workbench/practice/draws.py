"""Drawing lots: numbers that depend on a seed, a key and a question, and on nothing else.

The same key gets the same lot whatever stands around it and whenever it is asked. The
arithmetic is written out, so that no version of a library changes a lot.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
import polars as pl

from workbench.layout.latin1 import encode

Lots = npt.NDArray[np.uint64]

#: Keys are filled to one width, so that a longer neighbor never changes a lot.
KEY_WIDTH = 64


def lots(keys: pl.Series, *, seed: int, about: str) -> Lots:
    """One number from 0 to 2**64 − 1 for each key.

    Args:
        keys: ISO-8859-1 texts of at most `KEY_WIDTH` characters.
        seed: Another seed, other lots.
        about: What is drawn; another question, other lots.
    """
    words = encode(keys, width=KEY_WIDTH).reshape(-1, KEY_WIDTH).view("<u8")
    state = np.full(len(keys), _start(seed, about), np.uint64)
    for at in range(words.shape[1]):
        state = _stirred(state ^ words[:, at])
    return state


def below(limit: int, keys: pl.Series, *, seed: int, about: str) -> pl.Series:
    """One whole number from 0 to `limit` − 1 for each key."""
    drawn = lots(keys, seed=seed, about=about) % np.uint64(limit)
    return pl.Series(about, drawn.astype(np.int64))


def _start(seed: int, about: str) -> int:
    digest = hashlib.sha256(f"{seed}/{about}".encode()).digest()
    return int.from_bytes(digest[:8], "little")


def _stirred(state: Lots) -> Lots:
    """One step of splitmix64 (Steele, Lea and Flood, 2014)."""
    state = state + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))
