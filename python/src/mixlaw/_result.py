"""What the results of the command have in common: their data, their summary, how they are shown."""

from __future__ import annotations

import json
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from . import _frames

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping


class Finding(NamedTuple):
    """One thing that a result says of itself; docs/claims.md has all of them by code."""

    code: str
    sentence: str
    law: str | None = None
    target: str | None = None


class CommandResult:
    """A result of the command, as it wrote it."""

    def __init__(
        self,
        text: str,
        summary: str = "",
        messages: tuple[str, ...] = (),
        *,
        kind: _frames.Kind | None = None,
    ) -> None:
        """Keep what the command wrote, printed and told, and of what kind the runs' tables were."""
        self._text = text
        self._kind = kind
        self.summary = summary
        """What the command prints of it, for people."""
        self.messages = messages
        """What the command told beside it, in sentences."""

    @cached_property
    def data(self) -> dict[str, Any]:
        """All of it, as the JSON has it."""
        value: dict[str, Any] = json.loads(self._text)
        return value

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a file, which the command reads too."""
        Path(path).write_text(self._text, encoding="utf-8")

    def _table(self, columns: Mapping[str, list[Any]]) -> Any:
        """Make a table of the kind that the runs came in; of files it is the usual one."""
        return _frames.build(columns, self._kind or _frames.usual_kind())

    def _left_undone(self) -> list[Finding]:
        """Say what the deadline left undone."""
        finding = self.data.get("unfinished")
        return [] if finding is None else findings_in({"findings": [finding]})

    def __str__(self) -> str:
        """Give what the command prints."""
        return self.summary or repr(self)

    def _repr_html_(self) -> str:
        return f'<pre style="line-height: 1.2">{escape(str(self))}</pre>'


def findings_in(verdict: Any, law: str | None = None, target: str | None = None) -> list[Finding]:
    """Read the findings of a verdict."""
    findings = (verdict or {}).get("findings", [])
    return [Finding(each["code"], each["sentence"], law, target) for each in findings]
