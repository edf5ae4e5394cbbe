"""Debian's packages that the texts come from: fetched, checked and read without unpacking."""

from __future__ import annotations

import hashlib
import io
import tarfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MIRROR = "http://deb.debian.org/"
SNAPSHOT = "https://snapshot.debian.org/file/"
"""Keeps what the mirror has replaced, by the SHA-1 of the file."""


@dataclass(frozen=True)
class Package:
    """A file of Debian's archive."""

    path: str
    """Where the mirror has it, such as "debian/pool/main/m/manpages/manpages_6.03-2_all.deb"."""
    sha1: str
    sha256: str

    @property
    def file_name(self) -> str:
        """The last part of its path, with %2b and %7e as they are meant."""
        return self.path.rpartition("/")[2].replace("%2b", "+").replace("%7e", "~")


MAIN = "debian/pool/main/"
SECURITY = "debian-security/pool/updates/main/"

LINUX_HEADERS = Package(
    SECURITY + "l/linux-6.12/linux-headers-6.12.117%2bdeb12-common_6.12.117-1%7edeb12u1_all.deb",
    "7af5ef275bab81a23b5ea22f61152fa0e5b712b4",
    "0c70107dda266a9d26dc119d80a71589202b17fbf4d4ddf544681c89e2002742",
)
PYTHON_LIBRARY = Package(
    SECURITY + "p/python3.11/libpython3.11-stdlib_3.11.2-6%2bdeb12u9_amd64.deb",
    "6478f2f894e217395545fef582422a0e6d62836c",
    "10f13e000ee757f5f2d2d3569f9e30546214a0c850acd78695feae373bfa3e53",
)
MANUAL_PAGES = Package(
    MAIN + "m/manpages/manpages_6.03-2_all.deb",
    "175c009a2b0fe1234bd93d8b98ceb6aa974a3170",
    "efa1ba4cd19ad7baeae959c9209a7eb74be2ebb858bcabb412597bfc9f588c91",
)
MANUAL_PAGES_FOR_DEVELOPERS = Package(
    MAIN + "m/manpages/manpages-dev_6.03-2_all.deb",
    "b71c8faeabec88b84053a521de64de2a6987aa77",
    "96f55cb5e26231d5567c89b692bced63825a14a2d5bd18fdf16ea2ed44eb9838",
)
DICTIONARY = Package(
    MAIN + "d/dict-gcide/dict-gcide_0.48.5%2bnmu2_all.deb",
    "a731e5db951f4e5cc16d55bc42736be0768ba8c5",
    "7b0af5cfde3cbdef5e9d6e78f92ec335ced7c2790f37a40f49bebc6f7347ac0f",
)
NOVELS = Package(
    MAIN + "r/r-cran-janeaustenr/r-cran-janeaustenr_1.0.0-1_all.deb",
    "0526a5841219e475fbbf6e2d3bcd96e6fb0f479d",
    "df6bddf211906d1ff404f8ff662c21b34e6660e7f54a311084e749050c019c95",
)
LINUX_DOCUMENTATION = Package(
    SECURITY + "l/linux-6.12/linux-doc-6.12_6.12.117-1%7edeb12u1_all.deb",
    "656f49a53a90ff03fa200c11bf1db928806488e2",
    "6a73937ac1a8ab586b9399b6a67df3cc24e66e637824a97ca97b5f94b47ae40e",
)
ANARCHISM = Package(
    MAIN + "a/anarchism/anarchism_15.3-3_all.deb",
    "d4f2fcf182dfa6e89d77d351b610b2b940cfccb8",
    "cf21c10948b00e923c62eb31c39a3390413fa26c5ee0e3b925feb0ec7fe42948",
)


def fetched(package: Package, folder: Path) -> bytes:
    """Return a package's bytes: from the folder, else from the mirror, else from its archive.

    Raises:
        RuntimeError: Neither has it, or what came is another file.

    """
    kept = folder / package.file_name
    if kept.exists() and _is(package, kept.read_bytes()):
        return kept.read_bytes()
    failures = []
    for address in (MIRROR + package.path, SNAPSHOT + package.sha1):
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
                content: bytes = answer.read()
        except (urllib.error.URLError, TimeoutError) as failure:
            failures.append(f"{address}: {failure}")
            continue
        if _is(package, content):
            folder.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(content)
            return content
        failures.append(f"{address}: another file, by its SHA-256")
    raise RuntimeError(
        f"{package.file_name} could not be had; put it into {folder}\n" + "\n".join(failures)
    )


def _is(package: Package, content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() == package.sha256


def members(package: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the names and bytes of a package's regular files, sorted by name.

    A package is an ar archive whose member "data.tar.xz" has the files.
    """
    with tarfile.open(fileobj=io.BytesIO(_ar_member(package, "data.tar.xz")), mode="r:xz") as files:
        contents = {
            entry.name.removeprefix("./"): content.read()
            for entry in files
            if entry.isreg() and (content := files.extractfile(entry)) is not None
        }
    yield from sorted(contents.items())


AR_START = 8
AR_HEADER = 60


def _ar_member(archive: bytes, name: str) -> bytes:
    """Return a member's bytes. Headers have the name first and the size at 48; sizes are even."""
    at = AR_START
    while at + AR_HEADER <= len(archive):
        header = archive[at : at + AR_HEADER]
        size = int(header[48:58])
        at += AR_HEADER
        if header[:16].decode().strip().rstrip("/") == name:
            return archive[at : at + size]
        at += size + size % 2
    raise RuntimeError(f"the package has no {name}")
