"""The texts to train on and to measure losses on, as two files a domain."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from . import cleaning, packages
from .duplicates import distinct, shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from .cleaning import Document, Files
    from .packages import Package

END = b"\0"
"""Stands after each document."""
HELD_OUT = 10
"""A folder in so many is held out, by the hash of its name."""
MOST_HELD_OUT = 0.1
"""Of a training document's fingerprints, those that held-out documents may have."""


@dataclass(frozen=True)
class Source:
    """Where a domain's documents come from."""

    domain: str
    packages: tuple[Package, ...]
    read: Callable[[Files], Iterator[Document]]
    is_trained: bool = True
    held_out: frozenset[str] = field(default_factory=frozenset)
    """Folders that are held out; a tenth of all where none is named."""
    most: int | None = None
    """Training bytes from each document, so that the domain is small and has to be repeated."""


SOURCES = (
    Source("c", (packages.LINUX_HEADERS,), cleaning.c_headers),
    Source("py", (packages.PYTHON_LIBRARY,), cleaning.python_modules),
    Source(
        "man",
        (packages.MANUAL_PAGES, packages.MANUAL_PAGES_FOR_DEVELOPERS),
        cleaning.manual_pages,
    ),
    Source("gcide", (packages.DICTIONARY,), cleaning.dictionary),
    Source(
        "austen",
        (packages.NOVELS,),
        cleaning.novels,
        held_out=frozenset({"Persuasion"}),
        most=30_000,
    ),
    Source("linuxdoc", (packages.LINUX_DOCUMENTATION,), cleaning.linux_documentation, False),
    Source("anarchism", (packages.ANARCHISM,), cleaning.anarchist_faq, False),
)

TRAINED = tuple(source.domain for source in SOURCES if source.is_trained)
TARGETS = tuple(source.domain for source in SOURCES)


@dataclass(frozen=True)
class Corpora:
    """The prepared texts, as bytes."""

    training: dict[str, NDArray[np.uint8]]
    held_out: dict[str, NDArray[np.uint8]]
    sha256: str
    """Of all of them."""


def prepare(folder: Path, say: Callable[[str], None] = print) -> None:
    """Fetch the packages and write each domain's texts and `texts.json`, which describes them."""
    seen: set[int] = set()
    facts: dict[str, dict[str, float]] = {}
    texts: dict[str, tuple[bytes, bytes]] = {}
    for source in SOURCES:
        documents = list(_read(source, folder / "packages"))
        held_out, training = _split(source, documents, seen)
        texts[source.domain] = (_joined(training, source.most), _joined(held_out, None))
        facts[source.domain] = {
            "documents": len(documents),
            "distinct": len(held_out) + len(training),
            "bytes": sum(len(each.text) + 1 for each in training),
            "trainingBytes": len(texts[source.domain][0]),
            "heldOutBytes": len(texts[source.domain][1]),
        }
        say(f"{source.domain}: {facts[source.domain]}")
    for domain, (_, held_out_text) in texts.items():
        leaked = shared(held_out_text, seen)
        facts[domain]["leak"] = round(leaked, 5)
        say(f"{domain}: {100 * leaked:.2f} % of held-out windows of 64 bytes are trained on")
    for domain, (training_text, held_out_text) in texts.items():
        (folder / f"{domain}.train").write_bytes(training_text)
        (folder / f"{domain}.heldout").write_bytes(held_out_text)
    (folder / "texts.json").write_text(json.dumps(facts, indent=2) + "\n")


def load(folder: Path) -> Corpora:
    """Read the prepared texts.

    Raises:
        FileNotFoundError: They were not prepared.

    """
    digest = hashlib.sha256()
    parts: dict[str, dict[str, NDArray[np.uint8]]] = {"train": {}, "heldout": {}}
    for domain in TARGETS:
        for kind, part in parts.items():
            text = (folder / f"{domain}.{kind}").read_bytes()
            digest.update(len(text).to_bytes(8, "big") + text)
            part[domain] = np.frombuffer(text, np.uint8)
    training = {domain: parts["train"][domain] for domain in TRAINED}
    return Corpora(training, parts["heldout"], digest.hexdigest())


def _read(source: Source, folder: Path) -> Iterator[Document]:
    """Yield a domain's documents in an order by the hash of their text, without exact copies."""

    def files() -> Iterator[tuple[str, bytes]]:
        for package in source.packages:
            yield from packages.members(packages.fetched(package, folder))

    unique = {hashlib.sha256(each.text).digest(): each for each in source.read(files())}
    yield from (unique[key] for key in sorted(unique))


def _split(
    source: Source, documents: list[Document], seen: set[int]
) -> tuple[list[Document], list[Document]]:
    """Give held-out and training documents, both without near-duplicates.

    A training document may share next to nothing with held-out ones, which are chosen first. `seen`
    has the fingerprints of all training documents of the domains before; what is never trained on
    may not repeat them.
    """
    folders = {each.folder for each in documents}
    held_folders = source.held_out or {each for each in folders if _is_held_out(each)}
    if not source.is_trained:
        return distinct(documents, set(seen)), []
    held_prints: set[int] = set()
    held_out = distinct((each for each in documents if each.folder in held_folders), held_prints)
    rest = [
        each
        for each in documents
        if each.folder not in held_folders and shared(each.text, held_prints) <= MOST_HELD_OUT
    ]
    return held_out, distinct(rest, seen)


def _is_held_out(folder: str) -> bool:
    return int.from_bytes(hashlib.sha256(folder.encode()).digest()[:8], "big") % HELD_OUT == 0


def _joined(documents: Iterable[Document], most: int | None) -> bytes:
    """Join documents in a random order that is always the same, from each no more than `most`."""
    texts = [each.text[:most] for each in documents]
    random.Random(1).shuffle(texts)  # noqa: S311
    return b"".join(text + END for text in texts)
