"""Builds the wheels of mixlaw, one for each platform that Dawn is built for and one without it.

    python building/wheels.py [--all] [FOLDER]     from a checkout that `npm run build` has built

Without --all it builds the wheel of this machine. A wheel has the Python package, the command with
what it reads at run time, and of Dawn only its platform's binary. The wheel without Dawn, for any
platform, computes on the CPU. The same checkout gives the same bytes again, by the same Python:
another one may have another zlib.

It is also the build backend of pyproject.toml (PEP 517), so that `pip install ./python` works.
"""

from __future__ import annotations

import base64
import hashlib
import json
import platform
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import tomllib

sys.path.insert(0, str(Path(__file__).parent))

from typing import TYPE_CHECKING

import option_tables
from tags import platform_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

PYTHON = Path(__file__).parents[1]
ROOT = PYTHON.parent
DAWN = ROOT / "node_modules/webgpu"
MODULES = ("webgpu", "fzstd", "hyparquet-compressors", "hysnappy")
"""What the command imports at run time: npm installs them beside it, a wheel has them in it."""

COMMAND = "mixlaw/command"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file: that of the build is nobody's business."""


def build(folder: Path, dawn: Path | None) -> Path:
    """Build a wheel into a folder. `dawn`: a folder of Dawn's binaries; None for none."""
    tag = f"py3-none-{'any' if dawn is None else platform_tag(dawn)}"
    write_options()
    info = f"mixlaw-{version()}.dist-info"
    files = {**package(), **command(dawn), **metadata(info, tag, dawn)}
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"mixlaw-{version()}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return wheel


@cache
def write_options() -> None:
    """Write the options of the command that is built, once for all wheels."""
    option_tables.write(ROOT / "dist/cli.js", PYTHON / "src/mixlaw/_options.py")


def version() -> str:
    """Give the version, which package.json has."""
    return str(_manifest(ROOT)["version"])


def dawn_folders() -> list[Path]:
    """List the platforms that Dawn is built for."""
    return sorted(module.parent for module in (DAWN / "dist").glob("*/dawn.node"))


def dawn_here() -> Path | None:
    """Give Dawn's binaries for this machine; None where there are none."""
    systems = {"linux": "linux", "darwin": "darwin", "win32": "win32"}
    machines = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
    system = systems.get(sys.platform)
    machine = "universal" if system == "darwin" else machines.get(platform.machine().lower())
    return next((each for each in dawn_folders() if each.name == f"{system}-{machine}"), None)


def package() -> dict[str, bytes]:
    """Read the files of the Python package."""
    source = PYTHON / "src"
    kinds = (".py", ".typed", ".mjs")
    paths = sorted(path for path in source.rglob("*") if path.suffix in kinds)
    return {path.relative_to(source).as_posix(): path.read_bytes() for path in paths}


def command(dawn: Path | None) -> dict[str, bytes]:
    """Read the files that the command needs at run time."""
    dist = ROOT / "dist"
    if not (dist / "cli.js").exists():
        raise SystemExit("dist/cli.js is not there: npm run build makes it")
    paths = [dist / "cli.js", dist / "worker.js", *sorted((dist / "page").rglob("*"))]
    files = {
        f"{COMMAND}/dist/{path.relative_to(dist).as_posix()}": path.read_bytes()
        for path in paths
        if path.is_file() and path.suffix != ".map"
    }
    files[f"{COMMAND}/package.json"] = b'{ "type": "module" }\n'
    for path in _module_files(dawn):
        files[f"{COMMAND}/{path.relative_to(ROOT).as_posix()}"] = path.read_bytes()
    return files


def _modules(dawn: Path | None) -> tuple[str, ...]:
    return MODULES if dawn else tuple(name for name in MODULES if name != "webgpu")


def _module_files(dawn: Path | None) -> Iterator[Path]:
    """List the files of the modules that an import may load, and their licences."""
    unwanted = (".map", ".md", ".ts", ".cts", ".mts")
    other_formats = {("fzstd", "lib"), ("fzstd", "umd")}  # for require and script tags
    for name in _modules(dawn):
        folder = ROOT / "node_modules" / name
        for path in sorted(folder.rglob("*")):
            first = path.relative_to(folder).parts[0]
            foreign = name == "webgpu" and first in ("build", "dist") and dawn not in path.parents
            is_code = path.suffix not in unwanted or path.name.startswith("LICENSE")
            is_imported = (name, first) not in other_formats
            if path.is_file() and is_code and is_imported and not foreign:
                yield path


def metadata(info: str, tag: str, dawn: Path | None) -> dict[str, bytes]:
    """Write what installers read, with the licence and the notices of what is inside."""
    project = tomllib.loads((PYTHON / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    scripts = "".join(f"{name} = {place}\n" for name, place in project["scripts"].items())
    wheel = (
        f"Wheel-Version: 1.0\nGenerator: mixlaw\nRoot-Is-Purelib: {str(dawn is None).lower()}\n"
        f"Tag: {tag}\n"
    )
    return {
        f"{info}/METADATA": _core_metadata(project).encode(),
        f"{info}/WHEEL": wheel.encode(),
        f"{info}/entry_points.txt": f"[console_scripts]\n{scripts}".encode(),
        f"{info}/licenses/LICENSE": (ROOT / "LICENSE").read_bytes(),
        f"{info}/licenses/THIRD-PARTY-NOTICES": notices(_modules(dawn)),
    }


def _core_metadata(project: dict[str, object]) -> str:
    """Write METADATA from the table [project] of pyproject.toml."""
    authors, keywords, classifiers, dependencies = (
        project[name] for name in ("authors", "keywords", "classifiers", "dependencies")
    )
    assert isinstance(authors, list)
    assert isinstance(keywords, list)
    assert isinstance(classifiers, list)
    assert isinstance(dependencies, list)
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {project['name']}",
        f"Version: {version()}",
        f"Summary: {project['description']}",
        *(f"Author: {author['name']}" for author in authors),
        f"License-Expression: {project['license']}",
        "License-File: LICENSE",
        "License-File: THIRD-PARTY-NOTICES",
        f"Keywords: {','.join(keywords)}",
        *(f"Classifier: {each}" for each in classifiers),
        f"Requires-Python: {project['requires-python']}",
        *(f"Requires-Dist: {each}" for each in dependencies),
        "Description-Content-Type: text/markdown",
    ]
    readme = (PYTHON / str(project["readme"])).read_text(encoding="utf-8")
    return "\n".join(lines) + f"\n\n{readme}"


def notices(names: tuple[str, ...]) -> bytes:
    """Write the notices of the packages whose code is in a wheel, as the build does for dist/."""
    modules = [f"node_modules/{name}" for name in names]
    script = (
        'import { noticesOf } from "./scripts/notices.mjs";'
        f"process.stdout.write(noticesOf({json.dumps(str(ROOT))}, {json.dumps(modules)}));"
    )
    words = ["node", "--input-type=module", "--eval", script]
    own = subprocess.run(words, cwd=ROOT, check=True, capture_output=True).stdout
    return (ROOT / "dist/THIRD-PARTY-NOTICES").read_bytes() + b"\n" + own


def _manifest(folder: Path) -> dict[str, object]:
    manifest: dict[str, object] = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    return manifest


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, str] | None = None,  # noqa: ARG001
    metadata_directory: str | None = None,  # noqa: ARG001
) -> str:
    """Build the wheel of this machine (PEP 517)."""
    return build(Path(wheel_directory), dawn_here()).name


def build_sdist(sdist_directory: str, config_settings: dict[str, str] | None = None) -> str:  # noqa: ARG001
    """Refuse: the command is built from the whole repository."""
    raise SystemExit("mixlaw is published as wheels: build from the repository")


def main() -> None:
    """Build what the command line asks for."""
    words = sys.argv[1:]
    folder = Path(next((word for word in words if not word.startswith("-")), PYTHON / "dist"))
    for dawn in [*dawn_folders(), None] if "--all" in words else [dawn_here()]:
        wheel = build(folder, dawn)
        print(f"{wheel.stat().st_size / 1e6:5.1f} MB  {wheel}")


if __name__ == "__main__":
    main()
