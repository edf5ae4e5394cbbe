"""Registered plans beside the runs that were trained since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _frames, _job
from ._result import CommandResult, Finding, findings_in

if TYPE_CHECKING:
    import os
    import sys
    from collections.abc import Sequence

    if sys.version_info >= (3, 11):
        from typing import Unpack
    else:
        from typing_extensions import Unpack

    from ._options import CheckOptions


class PlanCheck(CommandResult):
    """What was registered before training, compared with what the runs gave."""

    @property
    def verdict(self) -> str:
        """Whether measured losses lie in their intervals: inside, outside or no-intervals."""
        return str(self.data["verdict"]["status"])

    @property
    def reliable(self) -> bool:
        """Whether every measured loss with an interval lies inside, by the plans' own law."""
        return self.verdict == "inside"

    @property
    def findings(self) -> list[Finding]:
        """What may be said of the plans."""
        return findings_in(self.data["verdict"])

    @property
    def losses(self) -> Any:
        """Every measured loss by every law, as a table; low and high are the interval's ends."""
        rows = self.data["losses"]
        names = ("plan", "point", "mixture", "row", "law", "target", "measured", "predicted")
        columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in names}
        columns["low"] = [row["interval"][0] for row in rows]
        columns["high"] = [row["interval"][1] for row in rows]
        columns["inside"] = [row["inside"] for row in rows]
        return self._table(columns)

    @property
    def laws(self) -> Any:
        """How each law did, that with the least regret first, as a table."""
        names = {"mrePercent": "mre_percent", "biasPercent": "bias_percent"}
        keys = ("law", "losses", "mrePercent", "biasPercent", "regret", "right", "points")
        rows = self.data["laws"]
        return self._table({names.get(key, key): [row[key] for row in rows] for key in keys})

    @property
    def calibration(self) -> Any:
        """How often intervals of each level held, by law and target, as a table."""
        rows = self.data["calibration"]
        keys = ("law", "target", "level", "inside", "losses")
        return self._table({key: [row[key] for row in rows] for key in keys})

    def __repr__(self) -> str:
        """Say whether the plans held."""
        return f"<mixlaw.PlanCheck: {self.verdict}; {self.data['runs']['registered']} runs>"


def check(
    plans: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    runs: Any,
    **options: Unpack[CheckOptions],
) -> PlanCheck:
    """Compare plans that were registered before training with the runs trained since.

    `plans`: the file that `fit.optimize(…, register="plan.json")` wrote, or a list of such, which
    count together. `runs`: a table as for `fit`.

    Raises InputError for what cannot be used, such as a plan that was changed. Warns where losses
    lie outside of their intervals.
    """
    several = list(plans) if isinstance(plans, (list, tuple)) else [plans]
    if len(several) > 1 and "plan" in options:
        raise TypeError("plans and plan both name plans: give one list")
    with _job.folder() as place:
        first, *others = _job.table_words(several, place)
        asked: dict[str, Any] = {**options, "plan": others} if others else dict(options)
        files = [first, *_job.table_words(runs, place)]
        result = _job.run("check", files, asked, place, out="check.json", follows=False)
    return _job.kept(result, PlanCheck, kind=_frames.result_kind(runs))
