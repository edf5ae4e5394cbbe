"""One run of the command with tables in and a result out, in a folder of its own."""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from . import _frames, _process
from ._arguments import arguments
from ._errors import InputError, Interrupted, MixlawError, MixlawWarning, UnreliableWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import FrameType

    from ._progress import OnProgress


Kept = TypeVar("Kept")


class Result(NamedTuple):
    """What a command has written."""

    text: str | None
    """The file of --out; of an interrupted run, what was found so far. None where there is none."""
    summary: str
    """What it printed: tables for people."""
    messages: list[str]
    """What it told beside, in sentences."""
    interrupted: bool
    """Whether Ctrl-C has ended it."""


def kept(result: Result, make: Callable[..., Kept], **more: Any) -> Kept:
    """Make what the user gets of a result. Raises Interrupted with it, or with None, after Ctrl-C."""
    text, summary, messages, interrupted = result
    found = None if text is None else make(text, summary, tuple(messages), **more)
    if found is None or interrupted:
        raise Interrupted(found)
    return found


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder for the files of one job, which goes with it."""
    with tempfile.TemporaryDirectory(prefix="mixlaw-") as path:
        yield Path(path)


def table_words(tables: Any, place: Path, name: str = "DataFrame") -> list[str]:
    """Give tables as arguments of the command: paths stay, others are written to a folder."""
    several = list(tables) if isinstance(tables, (list, tuple)) else [tables]
    if not several:
        raise TypeError("no table is given")
    names = [name] if len(several) == 1 else [f"{name}-{n}" for n in range(1, len(several) + 1)]
    return [
        _path_word(table)
        if _frames.kind_of(table) == "path"
        else str(_frames.write(table, place, each))
        for table, each in zip(several, names, strict=True)
    ]


def _path_word(path: Any) -> str:
    """Give a path so that it is read as no flag, and not as standard input."""
    text = os.fspath(path)
    return os.path.join(os.curdir, text) if text.startswith("-") else text  # noqa: PTH118


def run(  # noqa: PLR0913
    command: str,
    files: Sequence[str],
    options: Mapping[str, Any],
    place: Path,
    *,
    out: str,
    progress: OnProgress = False,
    follows: bool = True,
) -> Result:
    """Run a command that writes to --out.

    `follows`: whether the command has --progress. Raises InputError for what it cannot use; warns
    where its result is not to be relied on.
    """
    target = place / out
    words = [command, *files, *arguments(command, options, place), f"--out={target}"]
    if follows:
        words.append("--progress=json")
    code, output, told = _process.run(words, progress)
    # Files of this folder are known to nobody else: names will do.
    prefix = f"{place}{os.sep}"
    messages = [message.replace(prefix, "") for message in told]
    interrupted = code == _process.INTERRUPTED
    if interrupted and not follows:
        raise Interrupted  # there is nothing to keep
    if code not in (0, 2) and not interrupted:
        raise _failure(code, messages)
    text = _text_of(target, prefix)
    if text is None and not interrupted:
        raise MixlawError(messages[-1] if messages else f"mixlaw {command} has left no result")
    summary = _without_hint(output.replace(prefix, ""))
    if not interrupted:
        _warn(command, messages, reliable=code == 0)
    return Result(text, summary, messages, interrupted)


def _failure(code: int, messages: list[str]) -> MixlawError:
    if not messages:
        return MixlawError(f"the command ended with code {code} and said nothing")
    if code == 1 and not messages[-1].startswith("internal error"):
        return InputError(messages[-1])
    return MixlawError("; ".join(messages))


def _text_of(target: Path, prefix: str) -> str | None:
    """Read the result, or what a run that ended early has left beside it."""
    ending = target.suffix if target.suffix in (".csv", ".yaml", ".yml") else ".json"
    for path in (target, target.with_name(f"{target.name}.partial{ending}")):
        if path.exists():
            text = path.read_bytes().decode("utf-8")  # with its ends of lines
            return text.replace(prefix.replace("\\", "\\\\"), "")  # as JSON writes it
    return None


def _without_hint(output: str) -> str:
    """Leave out the last paragraph, which says where the result was written."""
    paragraphs = output.rstrip().split("\n\n")
    return "\n\n".join(paragraphs[:-1] if paragraphs[-1].startswith("Wrote ") else paragraphs)


def _warn(command: str, messages: list[str], *, reliable: bool) -> None:
    if not reliable:
        why = "; ".join(messages) or "see summary and findings of the result"
        warnings.warn(
            f"mixlaw {command}: something that was asked for is not to be relied on: {why}",
            UnreliableWarning,
            stacklevel=_users_level(),
        )
        return
    for message in messages:
        if message.startswith("warning: "):
            warnings.warn(
                message.removeprefix("warning: "), MixlawWarning, stacklevel=_users_level()
            )


def _users_level() -> int:
    """Count the frames from the caller to the line of the user, who is to be warned."""
    level = 1
    frame: FrameType | None = sys._getframe(1)
    own = os.path.dirname(__file__)  # noqa: PTH120
    while frame is not None and os.path.dirname(frame.f_code.co_filename) == own:  # noqa: PTH120
        frame = frame.f_back
        level += 1
    return level


def with_laws(laws: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """Give the options with `laws`, which is --law."""
    if laws is None:
        return dict(options)
    if options.get("law") is not None:
        raise TypeError("laws and law are the same option: give one")
    return {**options, "law": laws}
