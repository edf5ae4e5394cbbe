"""Near-duplicates: documents most of whose 64-byte windows are in another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from .cleaning import Document

    Hashes = NDArray[np.uint64]

WINDOW = 64
KEPT_BITS = 4
"""A window in 2⁴ is a fingerprint: one whose hash ends in so many zero bits."""
MOST_SHARED = 0.5
"""Of a document's fingerprints, those that earlier documents may have."""

_BASE = 0x9E3779B97F4A7C15 | 1
_INVERSE = pow(_BASE, -1, 2**64)


def window_hashes(text: bytes) -> Hashes:
    """Return the hash of every window of 64 bytes, at most len(text) - 63 values.

    The polynomial hash Σ b_{i+k}·p^{-k} mod 2⁶⁴ of a window is p^i times a difference of prefix
    sums of b_j·p^{-j}; p is odd and so has an inverse. A multiplication and a shift mix its bits.
    """
    content = np.frombuffer(text, np.uint8).astype(np.uint64)
    if len(content) < WINDOW:
        return np.empty(0, np.uint64)
    with np.errstate(over="ignore"):
        sums = np.zeros(len(content) + 1, np.uint64)
        np.cumsum((content + np.uint64(1)) * _powers(_INVERSE, len(content)), out=sums[1:])
        hashes = (sums[WINDOW:] - sums[:-WINDOW]) * _powers(_BASE, len(content) - WINDOW + 1)
        hashes ^= hashes >> np.uint64(31)
        hashes *= np.uint64(0xBF58476D1CE4E5B9)
        return hashes ^ (hashes >> np.uint64(29))


def _powers(base: int, count: int) -> Hashes:
    factors = np.full(count, base, np.uint64)
    factors[:1] = 1
    return np.cumprod(factors)


def fingerprints(text: bytes) -> list[int]:
    """Return the kept hashes of a text's windows, one for each place."""
    hashes = window_hashes(text)
    return [int(each) for each in hashes[hashes & np.uint64(2**KEPT_BITS - 1) == 0]]


def shared(text: bytes, known: set[int]) -> float:
    """Return the part of a text's fingerprints that are known; 1 for a text that has none."""
    own = fingerprints(text)
    return sum(each in known for each in own) / len(own) if own else 1.0


def distinct(
    documents: Iterable[Document], seen: set[int], most_shared: float = MOST_SHARED
) -> list[Document]:
    """Return the documents that share few fingerprints with `seen` and with those kept before.

    `seen` gets the fingerprints of what is kept. A document without fingerprints is left out.
    """
    kept = []
    for document in documents:
        if shared(document.text, seen) <= most_shared:
            kept.append(document)
            seen.update(fingerprints(document.text))
    return kept
