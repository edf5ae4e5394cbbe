"""Writes src/mixlaw/_options.py: the options of the command, from its own help.

The options have one home, the command. What is written is in no repository: it is made with each
wheel, so that the two cannot differ.
"""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = ("fit", "predict", "optimize", "validate", "check", "export")

ELSEWHERE = {
    "out": "the result has save()",
    "json": "the result has it as data",
    "format": "an optimum has save(path, format=…)",
    "paths": "an optimum has save(path, format=…, paths=…)",
    "parameters": "the fit has parameters",
    "nist": "the command does it: mixlaw fit --nist",
    "shard": "the command does it: mixlaw fit --shard",
    "progress": "every function has progress",
    "help": "help(mixlaw) shows it",
}
"""Flags that are no options in Python, and where what they do is."""

TYPES = {
    "NAME=": "Pairs",
    "FILE": "Source",
    "MIX": "Source",
    "WEIGHTS": "Source",
    "SHARES": "Source",
    "TOKENS": "Source",
    "POINT": "Pairs",
    "SPEC": "Pairs",
    "UNITS": "Pairs",
    "FACTORS": "Pairs",
    "SCALE": "Pairs",
    "COLS": "Texts",
    "LAWS": "Texts",
    "NAMES": "Texts",
    "NAME": "Texts",
    "SUM": "Texts",
    "EXPR": "Texts",
    "BOUND": "Texts",
}
"""The type of an option by the beginning of what its flag takes."""


class _Flag(NamedTuple):
    name: str
    off: bool
    value: str
    help: str


def write(cli: Path, module: Path) -> None:
    """Write the module from what `node cli.js COMMAND --help` prints."""
    parts = [_HEAD]
    tables = [f"ELSEWHERE = {ELSEWHERE!r}", '"""Flags that are no options here, and why."""', ""]
    tables += ["OPTIONS: dict[str, dict[str, Option]] = {"]
    for command in COMMANDS:
        flags = _flags(_help(cli, command), command)
        rows = _rows(flags)
        parts.append(_typed_dict(command, rows))
        tables.append(f"    {command!r}: {{")
        tables += [f"        {name!r}: Option{row!r}," for name, row in rows.items()]
        tables.append("    },")
    tables.append('}\n"""By command and name."""\n')
    module.write_text("\n".join([*parts, "\n".join(tables)]), encoding="utf-8")


def _help(cli: Path, command: str) -> str:
    environment = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1"}
    environment.pop("FORCE_COLOR", None)
    return subprocess.run(
        ["node", str(cli), command, "--help"],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env=environment,
    ).stdout


def _flags(text: str, command: str) -> list[_Flag]:
    """Read the flags of a help: a line each, whose text goes on in lines that are indented more."""
    head = re.compile(r"  (?:-\w, )?--(no-)?([a-z][a-z-]*)(?: <([^>]*)>)?(?:  +(.*))?$")
    found: list[_Flag] = []
    is_open = False
    for line in text.splitlines():
        match = head.match(line)
        if match:
            no, name, value, words = match.groups(default="")
            found.append(_Flag(name, no != "", value, words))
        elif is_open and line.startswith("      "):
            found[-1] = found[-1]._replace(help=f"{found[-1].help} {line.strip()}".strip())
            continue
        is_open = match is not None
    flags = [flag for flag in found if flag.name not in ELSEWHERE or command == "export"]
    if len(flags) < 5:  # noqa: PLR2004
        raise ValueError("the help of the command has no options that can be read")
    return flags


def _rows(flags: list[_Flag]) -> dict[str, tuple[str, bool, bool, bool, str]]:
    """Make the row of each option: value, on, off, repeated, help."""
    rows: dict[str, tuple[str, bool, bool, bool, str]] = {}
    for name, off, value, words in flags:
        before = rows.get(name.replace("-", "_"), ("", False, False, False, ""))
        rows[name.replace("-", "_")] = (
            value or before[0],
            before[1] or not off,
            before[2] or off,
            before[3] or re.search(r"may be repeated|; repeated, ", words) is not None,
            before[4] or words,
        )
    return rows


def _typed_dict(command: str, rows: dict[str, tuple[str, bool, bool, bool, str]]) -> str:
    lines = [
        f"class {command.capitalize()}Options(TypedDict, total=False):",
        f'    """Options of `mixlaw {command}`."""',
        "",
    ]
    for name, (value, *_, words) in rows.items():
        if (command, name) == ("optimize", "path"):  # an argument of optimize_path
            continue
        text = words.replace("\\", "\\\\").replace('"', "'")
        lines += [f"    {name}: {_type(value)} | None", f'    """{text}"""']
    return "\n".join([*lines, "", ""])


def _type(value: str) -> str:
    if value == "":
        return "bool"
    if re.fullmatch(r"[A-Z]", value):
        return "Number"
    return next((kind for start, kind in TYPES.items() if value.startswith(start)), "str")


_HEAD = '''"""The options of the command, from its help. Made by building/option_tables.py: not to be edited."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypedDict, Union

Number = Union[int, float, str]
"""A number, or a text such as "7B"."""
Texts = Union[str, Sequence[str]]
"""A text or several."""
Pairs = Union[str, Mapping[str, Any], Sequence[Union[str, Mapping[str, Any]]]]
"""Names and values: {"alpha": 0.34}; an interval is a tuple, of which None is an open end."""
Source = Union[str, "os.PathLike[str]", Mapping[str, Any], Sequence[Any], Any]
"""A text, a file, names and values, or a table."""


class Option(NamedTuple):
    """A flag of the command."""

    value: str
    """What it takes, in the words of help; "" for nothing."""
    on: bool
    """Whether there is `--name`."""
    off: bool
    """Whether there is `--no-name`."""
    repeated: bool
    """Whether it may be given several times."""
    help: str


'''
