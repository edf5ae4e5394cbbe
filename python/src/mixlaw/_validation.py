"""How well laws predict runs that they were not fitted to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _frames, _job
from ._result import CommandResult, Finding, findings_in

if TYPE_CHECKING:
    import sys
    from collections.abc import Sequence

    from ._progress import OnProgress

    if sys.version_info >= (3, 11):
        from typing import Unpack
    else:
        from typing_extensions import Unpack

    from ._options import ValidateOptions


class Validation(CommandResult):
    """Laws, ranked by how well they predict what was held out."""

    @property
    def law(self) -> str | None:
        """The law to use; None where none predicts better than a mean does."""
        law = self.data["conclusion"]["law"]
        return None if law is None else str(law)

    @property
    def reliable(self) -> bool:
        """False where a law failed or did not converge, or the deadline came: `summary` says it."""
        converged = not any(law["unfinished"] for law in self.data["laws"])
        return converged and not self.data["failed"] and "unfinished" not in self.data

    @property
    def scores(self) -> Any:
        """Scores by law and target, best law first, as a table."""
        columns: dict[str, list[Any]] = {}
        rows = [
            (each["law"], target, score)
            for each in self.data["laws"]
            for target, score in each["targets"].items()
        ]
        columns["law"] = [law for law, _, _ in rows]
        columns["target"] = [target for _, target, _ in rows]
        names = {"mrePercent": "mre_percent"}
        for key in ("rows", "mrePercent", "rmse", "r2", "spearman", "regret"):
            columns[names.get(key, key)] = [score[key] for _, _, score in rows]
        return self._table(columns)

    @property
    def findings(self) -> list[Finding]:
        """What may be concluded, and what the deadline left undone."""
        return findings_in(self.data["conclusion"]) + self._left_undone()

    def __repr__(self) -> str:
        """Say which law to use."""
        return f"<mixlaw.Validation: use {self.law or 'none of them'}; {self.data['held']}>"


def validate(
    runs: Any,
    *,
    laws: str | Sequence[str] | None = None,
    progress: OnProgress = None,
    **options: Unpack[ValidateOptions],
) -> Validation:
    """Fit laws to parts of a table of runs, predict the rest, and rank the laws.

    `runs`: a pandas or Polars DataFrame, a PyArrow table, a mapping of names to columns, the path
    of a file, or a list of such. `laws`: names or formulas.

    Raises InputError for what cannot be used, Interrupted at Ctrl-C.
    """
    asked = _job.with_laws(laws, options)
    with _job.folder() as place:
        files = _job.table_words(runs, place)
        result = _job.run("validate", files, asked, place, out="validation.json", progress=progress)
    return _job.kept(result, Validation, kind=_frames.result_kind(runs))
