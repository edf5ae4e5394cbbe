"""Scaling laws fitted to runs."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from . import _frames, _job
from ._arguments import names_of
from ._optimum import Optimum, OptimumPath
from ._report import Report
from ._result import CommandResult, Finding, findings_in
from ._scores import score_columns
from ._validation import Validation, validate

if TYPE_CHECKING:
    import os
    import sys
    from collections.abc import Mapping, Sequence

    from ._progress import OnProgress

    if sys.version_info >= (3, 11):
        from typing import Unpack
    else:
        from typing_extensions import Unpack

    from ._options import FitOptions, OptimizeOptions, PredictOptions, ValidateOptions

Table = TypeVar("Table")


class Fit(CommandResult):
    """Laws fitted to every target of a table of runs."""

    def __init__(
        self,
        text: str,
        summary: str = "",
        messages: tuple[str, ...] = (),
        *,
        runs: Any = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep what `mixlaw fit` wrote, and what it was fitted to."""
        super().__init__(text, summary, messages, kind=_frames.result_kind(runs))
        self._runs = runs
        self._options = dict(options or {})

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Fit:
        """Read a fit file, of `save` or of `mixlaw fit --out`."""
        return cls(Path(path).read_text(encoding="utf-8"))

    @property
    def laws(self) -> list[str]:
        """Names of the laws that were fitted."""
        return list(dict.fromkeys(fit["law"] for fit in self.data["fits"]))

    @property
    def targets(self) -> list[str]:
        """Names of the losses that they were fitted to."""
        return list(dict.fromkeys(fit["target"] for fit in self.data["fits"]))

    @property
    def domains(self) -> list[str]:
        """Names of the domains of a mixture."""
        return list(self.data["data"]["domains"])

    @property
    def reliable(self) -> bool:
        """False where a fit failed, or was not finished: `findings` say why."""
        failed = any(
            (fit.get("verdict") or {}).get("status") == "failed" for fit in self.data["fits"]
        )
        return not failed and not self.data.get("failed") and "unfinished" not in self.data

    @property
    def findings(self) -> list[Finding]:
        """What is to be known of each fit, and what the deadline left undone."""
        fits = [*self.data["fits"], *self.data.get("failed", [])]
        of_fits = [
            finding
            for fit in fits
            for finding in findings_in(fit.get("verdict", fit), fit["law"], fit["target"])
        ]
        return of_fits + self._left_undone()

    @cached_property
    def parameters(self) -> Any:
        """Parameters as a tidy table, a row for each value.

        Its columns are law, target, parameter, domain (None for a parameter of the law as a whole),
        value, error (its standard error), low, high, level and interval (how that was made), mark
        (not-determined, at-bound, fixed, tied) and verdict (on the fit).
        """
        return self._export("parameters")

    @cached_property
    def replicates(self) -> Any:
        """Give the parameters of each replicate of the bootstrap: law, target, replicate, …."""
        return self._export("replicates")

    @cached_property
    def predictions(self) -> Any:
        """Predictions at each run, beside what was observed, as a tidy table.

        Its columns are law, target, set (train or test), row, observed, predicted, residual, and
        low, high, level and interval of a new run.
        """
        return self._export("predictions")

    @property
    def scores(self) -> Any:
        """How well the laws fit, as a table: a row for each law, target and set of rows."""
        return self._table(score_columns(self.data))

    @overload
    def predict(self, points: str | os.PathLike[str], **options: Unpack[PredictOptions]) -> Any: ...
    @overload
    def predict(self, points: Table, **options: Unpack[PredictOptions]) -> Table: ...
    @overload
    def predict(self, points: None = None, **options: Unpack[PredictOptions]) -> Any: ...
    def predict(self, points: Any = None, **options: Unpack[PredictOptions]) -> Any:
        """Predict the losses at the rows of a table.

        Gives the table with columns `pred_<target>` added, and with `…_low` and `…_high`, the ends
        of the interval of a new run's loss. It is of the kind that `points` is. Without points,
        `at` says where: `fit.predict(at={"params": 7e9, "tokens": 150e9, "web": 0.5, "code": 0.5})`.
        """
        table = _frames.held(points)
        with _job.folder() as place:
            files = [] if points is None else _job.table_words(table, place, "points")
            words = [self._file(place), *files]
            result = _job.run("predict", words, options, place, out="predicted.csv", follows=False)
        columns = _frames.read_csv(result.text or "")
        if _frames.kind_of(table) in (None, "path"):
            return self._table({name: _frames.typed(texts) for name, texts in columns.items()})
        own = _frames.names(table)
        added = {
            name: _frames.numbers(texts)
            for name, texts in columns.items()
            if name.startswith("pred_") and name not in own
        }
        return _frames.with_columns(table, added)

    def optimize(
        self, *, progress: OnProgress = None, **options: Unpack[OptimizeOptions]
    ) -> Optimum:
        """Find the mixture with the least predicted loss at a scale, under constraints.

        `fit.optimize(params=7e9, tokens=150e9, cap={"web": 0.5}, objective={"loss_code": 2})`.
        `optimize_path` goes along several scales.
        """
        if options.get("path") is not None:
            raise TypeError("optimize: 'path' gives several optima: call optimize_path")
        return _job.kept(self._optimize(options, progress), Optimum)

    def optimize_path(
        self, path: Any, *, progress: OnProgress = None, **options: Unpack[OptimizeOptions]
    ) -> OptimumPath:
        """Find the best mixtures along a path of scales.

        `fit.optimize_path({"params": "1e8:1e10:5", "tokens": "20x"})`.
        """
        result = self._optimize({**options, "path": path}, progress)
        return _job.kept(result, OptimumPath, kind=self._kind)

    def validate(
        self,
        runs: Any = None,
        *,
        laws: str | Sequence[str] | None = None,
        progress: OnProgress = None,
        **options: Unpack[ValidateOptions],
    ) -> Validation:
        """Rank the laws by rows held out, of the runs and with the options that they were fitted to.

        `laws`: others than those of the fit. A fit that was loaded needs `runs`, and its options.
        """
        table = self._runs if runs is None else runs
        if table is None:
            raise TypeError("this fit was read from a file: give its runs, fit.validate(runs, …)")
        known = names_of("validate")
        fitted = {name: value for name, value in self._options.items() if name in known}
        asked = {**fitted, **_job.with_laws(laws, options)}
        return validate(table, progress=progress, **asked)

    def report(self, *optima: Optimum, height: int = 800) -> Report:
        """Make the report of this fit and some optima of it. A notebook shows it."""
        with _job.folder() as place:
            files = [self._file(place)]
            for number, optimum in enumerate(optima, 1):
                name = "optimum.json" if len(optima) == 1 else f"optimum-{number}.json"
                optimum.save(place / name)
                files.append(str(place / name))
            result = _job.run("report", files, {}, place, out="report.html", follows=False)
        return Report(result.text or "", height)

    def _export(self, table: str) -> Any:
        """Give one of the tables that the command makes of a fit file."""
        with _job.folder() as place:
            words = [self._file(place), f"--{table}"]
            result = _job.run("export", words, {}, place, out="table.json", follows=False)
        return self._table(_frames.columns_of(json.loads(result.text or "[]")))

    def _optimize(self, options: Mapping[str, Any], progress: OnProgress) -> _job.Result:
        with _job.folder() as place:
            words = [self._file(place)]
            return _job.run(
                "optimize", words, options, place, out="optimum.json", progress=progress
            )

    def _file(self, place: Path) -> str:
        """Write the fit file for the command."""
        self.save(place / "fit.json")
        return str(place / "fit.json")

    def __repr__(self) -> str:
        """Say what was fitted to what."""
        rows, laws, targets = self.data["data"]["rows"], self.laws, self.targets
        return f"<mixlaw.Fit: {', '.join(laws)} to {', '.join(targets)}; {rows} rows>"


def fit(
    runs: Any,
    *,
    laws: str | Sequence[str] | None = None,
    progress: OnProgress = None,
    **options: Unpack[FitOptions],
) -> Fit:
    """Fit laws to every target of a table of training runs, one run or checkpoint a row.

    `runs`: a pandas or Polars DataFrame, a PyArrow table, a mapping of names to columns, the path
    of a file, or a list of such. `laws`: names ("additive", "joint", …) or formulas. `progress`:
    True, False or a function of Progress; by default it is shown where a person looks.

    Raises InputError for what cannot be used; Interrupted at Ctrl-C, with the fits so far.
    """
    asked = _job.with_laws(laws, options)
    tables = _frames.held(runs)
    with _job.folder() as place:
        files = _job.table_words(tables, place)
        result = _job.run("fit", files, asked, place, out="fit.json", progress=progress)
    return _job.kept(result, Fit, runs=tables, options=asked)
