"""The raw key: a stable 64-bit fingerprint of a padded record.

The algorithm is a promise, because stored keys are compared with keys of later files. It
never changes:

1. A record is its bytes, right-padded with blanks (0x20) to 128 bytes.
2. It is cut into 16 little-endian words of 64 bits, w[0] ... w[15].
3. h = 0xCBF29CE484222325; for each word in order: h = (h XOR w) * 0x9E3779B97F4A7C15
   modulo 2^64, then h = h XOR (h >> 32).
4. The key is h after one more round with the word 0.

Two different records share a key by chance only, with odds of about 1 in 2^64 a pair. It is
no protection against a person who wants two records to share one.
"""

from __future__ import annotations

import numpy as np

from workbench.layout.digits import Bytes, Words

#: Bytes of a padded record.
WIDTH = 128

_START = np.uint64(0xCBF29CE484222325)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)


def raw_keys(matrix: Bytes) -> Words:
    """The raw key of every row of a matrix of padded records."""
    assert matrix.shape[1] == WIDTH, matrix.shape
    keys = np.full(len(matrix), _START, np.uint64)
    for word in (*np.ascontiguousarray(matrix).view("<u8").T, np.uint64(0)):
        keys ^= word
        keys *= _FACTOR
        keys ^= keys >> _SHIFT
    return keys
