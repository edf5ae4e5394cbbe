"""Which sequences a run is trained on: exact shares, no repeats in an epoch of a domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


def sequences(text: NDArray[np.uint8], length: int) -> NDArray[np.uint8]:
    """Cut a text into sequences of length + 1 bytes, the last byte of each the first of the next.

    So each byte but the first is predicted once an epoch.
    """
    count = (len(text) - 1) // length
    return np.lib.stride_tricks.sliding_window_view(text, length + 1)[: count * length : length]


def spread(text: NDArray[np.uint8], length: int, count: int) -> NDArray[np.uint8]:
    """Take `count` sequences evenly from a text."""
    every = sequences(text, length)
    if len(every) < count:
        raise ValueError(f"{count} sequences are wanted of a text of {len(every)}")
    return every[np.arange(count) * len(every) // count]


def domain_order(shares: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Choose the domain of each of `count` sequences, so that shares hold at any length.

    The next one is of the domain that lags most behind its share. A domain is then never more than
    a few sequences from it.
    """
    taken = np.zeros(len(shares))
    order = np.empty(count, np.int64)
    for place in range(count):
        order[place] = np.argmax(shares * (place + 1) - taken)
        taken[order[place]] += 1
    return order


def batches(
    texts: list[NDArray[np.uint8]],
    shares: NDArray[np.float64],
    size: int,
    count: int,
    seed: int,
) -> Iterator[NDArray[np.int64]]:
    """Yield `count` batches of `size` sequences from each domain's sequences, by their shares.

    A domain's sequences are in a random order, another one in each epoch.
    """
    order = domain_order(shares, size * count)
    streams = [_endless(text, (seed, domain)) for domain, text in enumerate(texts)]
    for start in range(0, size * count, size):
        chosen = order[start : start + size]
        yield np.stack([next(streams[domain]) for domain in chosen]).astype(np.int64)


def _endless(rows: NDArray[np.uint8], seed: tuple[int, int]) -> Iterator[NDArray[np.uint8]]:
    random = np.random.default_rng(seed)
    while True:
        for place in random.permutation(len(rows)):
            yield rows[place]
