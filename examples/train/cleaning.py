"""What is text in each package: documents, cleaned, with the folder that each belongs to."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Files = Iterable[tuple[str, bytes]]

SHORTEST = 200
"""Bytes below which a document is left out: links to other pages, empty files."""


@dataclass(frozen=True)
class Document:
    """A text, and what is held out or trained on together with it."""

    folder: str
    text: bytes


def _tidy(text: bytes) -> bytes:
    """Make Unix line ends, no blanks before them, no more than one empty line, no zero bytes."""
    text = text.replace(b"\r\n", b"\n").replace(b"\0", b"")
    text = re.sub(rb"[ \t]+\n", b"\n", text)
    return re.sub(rb"\n{3,}", b"\n\n", text).strip(b"\n") + b"\n"


def _documents(pieces: Iterable[tuple[str, bytes]]) -> Iterator[Document]:
    for folder, text in pieces:
        tidy = _tidy(text)
        if len(tidy) >= SHORTEST:
            yield Document(folder, tidy)


_LICENCE = re.compile(rb"\A\s*(?:/\*.*?\*/|//[^\n]*\n)", re.DOTALL)


def _without_licence(text: bytes) -> bytes:
    """Remove the comments at the start of a C header that speak of copyright and licence."""
    while (comment := _LICENCE.match(text)) and re.search(
        rb"copyright|licen[cs]e|SPDX|\(c\)", comment[0], re.IGNORECASE
    ):
        text = text[comment.end() :]
    return text


def c_headers(files: Files) -> Iterator[Document]:
    """Read Linux's headers; a folder is a directory."""
    return _documents(
        (name.rpartition("/")[0], _without_licence(content))
        for name, content in files
        if name.endswith(".h")
    )


def python_modules(files: Files) -> Iterator[Document]:
    """Read Python's library; a folder is a package, or a module that is in none."""
    return _documents(
        (name.partition("python3.11/")[2].partition("/")[0], content)
        for name, content in files
        if name.endswith(".py")
    )


def manual_pages(files: Files) -> Iterator[Document]:
    """Read manual pages without groff's comments; a folder are pages that begin alike."""
    return _documents(
        (
            name.rpartition("/")[2][:4],
            re.sub(rb"(?m)^[.']\\\".*\n", b"", gzip.decompress(content)),
        )
        for name, content in files
        if "/man/man" in name and name.endswith(".gz")
    )


def dictionary(files: Files) -> Iterator[Document]:
    """Read a dictionary; a document and a folder are the entries whose words begin alike.

    An entry begins with its word at the start of a line after an empty one; its lines are indented.
    """
    packed = next(content for name, content in files if name.endswith(".dict.dz"))
    groups: dict[str, list[bytes]] = {}
    for entry in re.split(rb"\n\n(?=[^\s])", gzip.decompress(packed)):
        letters = re.match(rb"\s*([A-Za-z]{3})", entry)
        if letters:
            groups.setdefault(letters[1].decode().lower(), []).append(entry)
    return _documents((start, b"\n\n".join(entries)) for start, entries in sorted(groups.items()))


SHORTEST_NOVEL = 100_000
"""Bytes; smaller blocks of the package are other things."""
STRING = 9
STRINGS = 16
MISSING = 0xFFFFFFFF


def _r_strings(block: bytes) -> bytes:
    """Read a vector of strings in R's binary format 3, as lines.

    Its header is "X" and a line feed, three integers, and an encoding's name with its length. Then
    come type and length of the vector, and for each string its flags (type 9 in the last byte), its
    length and its bytes.
    """
    at = 18 + int.from_bytes(block[14:18], "big")
    kind, count = block[at + 3], int.from_bytes(block[at + 4 : at + 8], "big")
    if not block.startswith(b"X\n") or kind != STRINGS:
        raise RuntimeError("a novel is not a vector of strings in R's format 3")
    at += 8
    lines = []
    for _ in range(count):
        if block[at + 3] != STRING:
            raise RuntimeError("a line of a novel is not a string")
        size = int.from_bytes(block[at + 4 : at + 8], "big")
        size = 0 if size == MISSING else size
        lines.append(block[at + 8 : at + 8 + size])
        at += 8 + size
    return b"\n".join(lines) + b"\n"


def novels(files: Files) -> Iterator[Document]:
    """Read Jane Austen's six novels, a document and a folder each, in the order of the package.

    The package has an R database: blocks, each its length and that many bytes of zlib.
    """
    database = next(content for name, content in files if name.endswith("data/Rdata.rdb"))
    pieces = []
    at = 0
    while at < len(database):
        decoder = zlib.decompressobj()
        block = decoder.decompress(database[at + 4 :])
        at = len(database) - len(decoder.unused_data)
        if block[:2] == b"X\n" and len(block) > SHORTEST_NOVEL:
            text = _r_strings(block)
            pieces.append((text.split(b"\n", 1)[0].decode().strip().title(), text))
    return _documents(pieces)


def linux_documentation(files: Files) -> Iterator[Document]:
    """Read Linux's documentation in English; a folder is a directory. HTML's sources are copies."""
    return _documents(
        (
            name.rpartition("/")[0],
            gzip.decompress(content) if name.endswith(".gz") else content,
        )
        for name, content in files
        if re.search(r"/Documentation/.*\.rst(\.gz)?$", name) and "/translations/" not in name
    )


def anarchist_faq(files: Files) -> Iterator[Document]:
    """Read An Anarchist FAQ in Markdown; a folder is a page. Addresses of links are left out."""
    return _documents(
        (
            name.rpartition("/")[2],
            re.sub(rb"\]\([^)\s]*\)", b"]", gzip.decompress(content)),
        )
        for name, content in files
        if "/markdown/" in name and name.endswith(".md.gz")
    )
