"""The platform tag of a wheel, from what its native module needs."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

GLIBC_OF_GLIBCXX = {29: 34, 30: 35, 31: 38, 32: 38, 33: 39}
"""The minor version of glibc whose manylinux policy allows a version of libstdc++, 3.4.x (PEP 600)."""

MACHINES = {"x64": "x86_64", "arm64": "aarch64"}
WINDOWS = {"x64": "win_amd64", "arm64": "win_arm64"}


def platform_tag(folder: Path) -> str:
    """Give the tag of a folder of Dawn's, such as linux-x64 or darwin-universal."""
    system, machine = folder.name.split("-")
    module = (folder / "dawn.node").read_bytes()
    if system == "win32":
        return WINDOWS[machine]
    if system == "darwin":
        major, minor = macos_version(module)
        return f"macosx_{major}_{minor}_universal2"
    return f"manylinux_2_{glibc_minor(module)}_{MACHINES[machine]}"


def glibc_minor(module: bytes) -> int:
    """Give the x of glibc 2.x that an ELF file needs, by itself and by its libstdc++.

    The versions stand as texts in its table of strings.
    """
    glibc = [int(minor) for minor in re.findall(rb"\0GLIBC_2\.(\d+)", module)]
    library = [int(minor) for minor in re.findall(rb"\0GLIBCXX_3\.4\.(\d+)\b", module)]
    if not glibc or not library:
        raise ValueError("the module names no versions of glibc and libstdc++")
    newest = max(library)
    if newest > max(GLIBC_OF_GLIBCXX):
        raise ValueError(f"no manylinux policy is known here for GLIBCXX_3.4.{newest}")
    by_library = min(minor for version, minor in GLIBC_OF_GLIBCXX.items() if version >= newest)
    return max(*glibc, by_library if newest >= min(GLIBC_OF_GLIBCXX) else 0)


def macos_version(module: bytes) -> tuple[int, int]:
    """Give the least macOS that a universal Mach-O file runs on: the newest that a part of it asks."""
    magic, count = struct.unpack_from(">II", module)
    if magic != 0xCAFEBABE:  # noqa: PLR2004
        raise ValueError("the module is no universal Mach-O file")
    parts = [struct.unpack_from(">5I", module, 8 + 20 * n) for n in range(count)]
    return max(_least_macos(module, offset) for _, _, offset, _, _ in parts)


def _least_macos(module: bytes, start: int) -> tuple[int, int]:
    """Read LC_BUILD_VERSION or LC_VERSION_MIN_MACOSX of a 64-bit Mach-O file."""
    (commands,) = struct.unpack_from("<I", module, start + 16)
    at = start + 32
    for _ in range(commands):
        command, size = struct.unpack_from("<II", module, at)
        place = {0x32: at + 12, 0x24: at + 8}.get(command)
        if place is not None:
            (version,) = struct.unpack_from("<I", module, place)
            major, minor = version >> 16, version >> 8 & 0xFF
            return (major, 0) if major > 10 else (major, minor)  # noqa: PLR2004
        at += size
    raise ValueError("the module does not say which macOS it needs")
