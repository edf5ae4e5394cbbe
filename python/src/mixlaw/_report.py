"""The report: one HTML page, shown in a notebook."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os


class Report:
    """One self-contained HTML page. It opens from disk in any browser, and shows itself in Jupyter."""

    def __init__(self, html: str, height: int = 800) -> None:
        """Keep the page. `height`: pixels that it takes in a notebook."""
        self.html = html
        self.height = height

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the page to a file."""
        Path(path).write_text(self.html, encoding="utf-8")

    def __repr__(self) -> str:
        """Say what it is, and what to do with it."""
        return f"<mixlaw.Report: {len(self.html) / 1e6:.1f} MB of HTML; save(path) writes it>"

    def _repr_html_(self) -> str:
        # The page runs apart from the notebook: names in it come from data.
        return (
            f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts allow-downloads '
            f'allow-popups" title="mixlaw report" width="100%" height="{self.height}" '
            'style="border: 0; background: white"></iframe>'
        )
