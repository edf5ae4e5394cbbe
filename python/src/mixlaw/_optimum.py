"""The best mixture, and those along a path of scales."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

from . import _job
from ._result import CommandResult, Finding, findings_in

DOUBTS = {"replicates-change-basin", "deadline-passed"}
"""Findings of an optimum for which the command ends with exit code 2."""


class Optimum(CommandResult):
    """The mixture with the least predicted loss; of laws without a mixture, the best sizes."""

    @property
    def reliable(self) -> bool:
        """False where it is not to be relied on as an optimum: `findings` say why."""
        codes = {finding.code for finding in self.findings}
        return self.verdict != "not-certified" and not codes & DOUBTS

    @property
    def weights(self) -> dict[str, float]:
        """Shares by domain; `pandas.Series(optimum.weights)` makes a Series."""
        return dict(self.data.get("weights", {}))

    @property
    def predicted(self) -> dict[str, float]:
        """Losses by target, as the laws predict them."""
        return dict(self.data.get("predicted", {}))

    @property
    def objective(self) -> float:
        """What was minimized, at the optimum."""
        return float(self.data["objective"])

    @property
    def at(self) -> dict[str, float]:
        """Parameters, tokens and other inputs of the run."""
        return dict(self.data.get("at", {}))

    @property
    def verdict(self) -> str:
        """What it is: global, local, plateau or not-certified; of sizes, inside or at-end."""
        return str((self.data.get("verdict") or {}).get("status", ""))

    @property
    def findings(self) -> list[Finding]:
        """What is to be known of it."""
        return findings_in(self.data.get("verdict"))

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        format: str | None = None,  # noqa: A002
        paths: Any = None,
    ) -> None:
        """Write it to a file: as JSON, which the command reads, or as a trainer reads it.

        `format`: olmo-core, nemo, levanter, megatron, map or csv. `paths`: data paths of the
        domains: a path or several by name, a file, or a pattern such as
        "s3://bucket/{domain}/*.npy".
        """
        if format is None:
            if paths is not None:
                raise TypeError("paths are of a format: give format too")
            super().save(path)
            return
        with _job.folder() as place:
            super().save(place / "optimum.json")
            if isinstance(paths, Mapping):  # in a file a path may hold any sign
                names = json.dumps(dict(paths), default=os.fspath)
                paths = place / "paths.yaml"
                paths.write_text(names, encoding="utf-8")
            options = {"format": format, "paths": paths}
            target = os.path.abspath(path)  # noqa: PTH100
            files = [str(place / "optimum.json")]
            _job.run("export", files, options, place, out=target, follows=False)

    def __repr__(self) -> str:
        """Give the mixture."""
        shares = ", ".join(f"{name} {share:.4f}" for name, share in self.weights.items())
        return f"<mixlaw.Optimum: {shares or 'no mixture'}; {self.verdict}>"


SCALE = ("params", "tokens", "flops")
"""What says where on a path an optimum is."""


class OptimumPath(CommandResult, Sequence[Optimum]):
    """Optima along a path of scales, in its order."""

    @property
    def reliable(self) -> bool:
        """False where one of them is not to be relied on, or the deadline came before the last."""
        return "unfinished" not in self.data and all(best.reliable for best in self.optima)

    @property
    def findings(self) -> list[Finding]:
        """What is to be known of them, each once, and what the deadline left undone."""
        each = dict.fromkeys(finding for best in self.optima for finding in best.findings)
        return [*each, *self._left_undone()]

    @property
    def _rows(self) -> list[dict[str, Any]]:
        """The places of the path. Sizes at one compute are no list."""
        return list(self.data.get("rows", [self.data]))

    @cached_property
    def optima(self) -> list[Optimum]:
        """The optima, in the order of the path. Laws without a mixture have sizes instead."""
        return [
            Optimum(json.dumps(row.get("optimum", row), ensure_ascii=False)) for row in self._rows
        ]

    @property
    def table(self) -> Any:
        """The path as a table: params, tokens, flops, objective, h_<domain>, pred_<target>."""
        rows = [
            {
                **{name: row.get(name, best.at.get(name)) for name in SCALE},
                "objective": best.objective,
                **{f"h_{name}": share for name, share in best.weights.items()},
                **{f"pred_{name}": loss for name, loss in best.predicted.items()},
            }
            for row, best in zip(self._rows, self.optima, strict=True)
        ]
        names = dict.fromkeys(name for row in rows for name in row)
        columns = {name: [row.get(name) for row in rows] for name in names}
        return self._table(columns)

    @overload
    def __getitem__(self, index: int) -> Optimum: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Optimum]: ...
    def __getitem__(self, index: int | slice) -> Optimum | Sequence[Optimum]:
        """Give the optimum at a place of the path."""
        return self.optima[index]

    def __len__(self) -> int:
        """Count the places of the path."""
        return len(self.optima)

    def __iter__(self) -> Iterator[Optimum]:
        """Go along the path."""
        return iter(self.optima)

    def __repr__(self) -> str:
        """Say how many there are."""
        return f"<mixlaw.OptimumPath: {len(self)} optima>"
