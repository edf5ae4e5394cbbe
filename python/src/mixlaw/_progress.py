"""Progress of the command, passed on: to a callback, a terminal or a notebook."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from html import escape
from importlib import import_module
from typing import Any, NamedTuple, Protocol


class Progress(NamedTuple):
    """How far the command is."""

    law: str
    """The law or laws that it is at."""
    stage: str
    """What it does: search, polish, bootstrap, backtest, mixture, …"""
    fraction: float
    """The share of the work of all laws that is done, 0 to 1."""
    best: float | None
    """The best objective so far, where there is one."""


OnProgress = bool | Callable[[Progress], object] | None
"""True shows progress, False does not, None does where a person looks; or a callback."""


class Display(Protocol):
    """Where progress is shown."""

    def update(self, progress: Progress) -> None:
        """Show how far the command is."""

    def close(self) -> None:
        """Leave nothing behind."""


def display_for(wish: OnProgress) -> Display:
    """Choose where progress goes."""
    if callable(wish):
        return _Callback(wish)
    in_notebook = _in_notebook()
    if wish is False or (wish is None and not in_notebook and not sys.stderr.isatty()):
        return _Silent()
    return _Notebook() if in_notebook else _Line()


def _in_notebook() -> bool:
    """Whether this is a kernel of Jupyter. Nothing is imported for it."""
    shell = sys.modules.get("IPython")
    instance = shell.get_ipython() if shell is not None else None
    return instance is not None and hasattr(instance, "kernel")


class _Silent:
    def update(self, progress: Progress) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Do nothing."""


class _Callback:
    def __init__(self, callback: Callable[[Progress], object]) -> None:
        self._callback = callback

    def update(self, progress: Progress) -> None:
        self._callback(progress)

    def close(self) -> None:
        """Do nothing."""


class _Timed:
    """Draws at most ten times a second; `_draw` is told the text and the share done."""

    _last = -math.inf

    def update(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._last < 0.1:  # noqa: PLR2004
            return
        self._last = now
        best = "" if progress.best is None else f"  best {progress.best:.3e}"
        self._draw(f"{progress.law}: {progress.stage}{best}", progress.fraction)

    def _draw(self, text: str, fraction: float) -> None:
        raise NotImplementedError


class _Line(_Timed):
    """One line of a terminal, which is erased at the end."""

    _width = 0

    def _draw(self, text: str, fraction: float) -> None:
        line = f"{math.floor(100 * fraction):3d} %  {text}"[:100]
        sys.stderr.write("\r" + line.ljust(self._width))
        sys.stderr.flush()
        self._width = len(line)

    def close(self) -> None:
        if self._width > 0:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()


class _Notebook(_Timed):
    """A bar in the output of a cell, which is taken away at the end."""

    _handle: Any = None

    def _draw(self, text: str, fraction: float) -> None:
        shown: Any = import_module("IPython.display")
        bar = shown.HTML(f'<progress max="1" value="{fraction:.3f}"></progress> {escape(text)}')
        if self._handle is None:
            self._handle = shown.display(bar, display_id=True)
        else:
            self._handle.update(bar)

    def close(self) -> None:
        if self._handle is not None:
            self._handle.update({"text/plain": ""}, raw=True)
