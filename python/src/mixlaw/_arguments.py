"""Options as arguments of the command: names and values as Python has them, flags as it has them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from . import _frames
from ._options import ELSEWHERE, OPTIONS, Option
from ._result import CommandResult

if TYPE_CHECKING:
    from pathlib import Path

PAIR_BY_PAIR = {"input", "path"}
"""Options whose flag takes one NAME=VALUE, and is given once for each."""


def arguments(command: str, options: Mapping[str, Any], folder: Path) -> list[str]:
    """Write options as flags of a command. Tables among them are written to a folder.

    Raises TypeError for a name that the command has not, with the nearest that it has.
    """
    words: list[str] = []
    for name, value in options.items():
        option = _option(command, name)
        if value is not None:
            words += _flags(name, option, value, folder)
    return words


def names_of(command: str) -> frozenset[str]:
    """Give the names of the options that a command has."""
    return frozenset(OPTIONS[command])


def _option(command: str, name: str) -> Option:
    known = OPTIONS[command]
    if name in known:
        return known[name]
    if name in ELSEWHERE:
        raise TypeError(f"{command}: {name!r} is no option in Python: {ELSEWHERE[name]}")
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    meant = f"did you mean {near[0]!r}?" if near else f"the options are {', '.join(known)}"
    raise TypeError(f"{command}: there is no option {name!r}; {meant}")


def _flags(name: str, option: Option, value: Any, folder: Path) -> list[str]:
    flag = name.replace("_", "-")
    if option.value == "" or isinstance(value, bool):
        return _switch(name, option, value)
    single = _plain(value)
    tables = {"pandas", "polars", "pyarrow", *(["columns"] if option.value == "FILE" else [])}
    if _frames.kind_of(single) in tables:
        return [f"--{flag}={_frames.write(single, folder, name)}"]
    if isinstance(single, Mapping):
        pairs = [f"{_quoted(str(key))}={_text(each)}" for key, each in single.items()]
        return [
            f"--{flag}={text}" for text in (pairs if name in PAIR_BY_PAIR else [",".join(pairs)])
        ]
    if _is_list(single):
        texts = [_pairs(each) for each in single]
        repeated = option.repeated or any(isinstance(each, Mapping) for each in single)
        return [f"--{flag}={text}" for text in (texts if repeated else [",".join(texts)])]
    return [f"--{flag}={_text(single)}"]


def _plain(value: Any) -> Any:
    """Give an optimum as its mixture, a Series of pandas as a mapping, other columns as a list."""
    if isinstance(value, CommandResult):
        return getattr(value, "weights", value)
    if getattr(value, "ndim", None) == 1 and hasattr(value, "to_dict"):
        return value.to_dict()
    is_list = not hasattr(value, "columns") and not hasattr(value, "schema")
    for name in ("to_list", "tolist"):
        if is_list and hasattr(value, name):
            return getattr(value, name)()
    return value


def _switch(name: str, option: Option, value: Any) -> list[str]:
    flag = name.replace("_", "-")
    if not isinstance(value, bool) or option.value != "":
        kind = "True or False" if option.value == "" else option.value
        raise TypeError(f"{name} is {value!r}; it must be {kind}")
    if value:
        return [f"--{flag}"] if option.on else []
    return [f"--no-{flag}"] if option.off else []


def _is_list(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, os.PathLike))


def _pairs(value: Any) -> str:
    """Write an item of a list: a mapping as one text of pairs."""
    if isinstance(value, Mapping):
        return ",".join(f"{_quoted(str(key))}={_text(each)}" for key, each in value.items())
    return _quoted_item(value) if isinstance(value, str) else _text(value)


def _quoted(name: str) -> str:
    """Put a name in quotes where the command would read something else in it."""
    if re.fullmatch(r"[^\[\],=]+\[.*\]", name) or not re.search(r"[,=]|^[\s\"'`]|\s$", name):
        return name
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _quoted_item(text: str) -> str:
    """Quote an item of a list, which may be a formula or a condition."""
    return text if re.search(r"[()\[\]=<>]", text) else _quoted(text)


def _text(value: Any) -> str:
    """Write a value. A pair is an interval, LO:HI, of which an end may be open."""
    if isinstance(value, str):
        return value
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        return repr(float(value))
    if isinstance(value, tuple):
        return ":".join("" if each is None else _text(each) for each in value)
    if _is_list(value):
        return ",".join(map(_text, value))
    raise TypeError(f"{value!r} is no value of an option")
