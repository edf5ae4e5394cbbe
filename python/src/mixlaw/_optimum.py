"""The best mixture, and those along a path of scales."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from typing import Any, overload

from . import _frames, _job
from ._result import CommandResult, Finding, findings_in


class Optimum(CommandResult):
    """The mixture with the least predicted loss."""

    def __init__(
        self, text: str, summary: str = "", messages: tuple[str, ...] = (), *, reliable: bool = True
    ) -> None:
        """Keep what `mixlaw optimize` wrote."""
        super().__init__(text, summary, messages)
        self.reliable = reliable
        """False where it is not to be relied on as an optimum: `findings` say why."""

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
        """What it is: global, best-of-descents, not-certified, …."""
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
        domains, as names and paths, a file, or a pattern such as "s3://bucket/{domain}/*.npy".
        """
        if format is None:
            if paths is not None:
                raise TypeError("paths are of a format: give format too")
            super().save(path)
            return
        with _job.folder() as place:
            super().save(place / "optimum.json")
            options = {"format": format, "paths": paths}
            target = os.path.abspath(path)  # noqa: PTH100
            files = [str(place / "optimum.json")]
            _job.run("export", files, options, place, out=target, follows=False)

    def __repr__(self) -> str:
        """Give the mixture."""
        shares = ", ".join(f"{name} {share:.4f}" for name, share in self.weights.items())
        return f"<mixlaw.Optimum: {shares or 'no mixture'}; {self.verdict}>"


class OptimumPath(CommandResult, Sequence[Optimum]):
    """Optima along a path of scales, smallest first."""

    def __init__(
        self, text: str, summary: str = "", messages: tuple[str, ...] = (), *, reliable: bool = True
    ) -> None:
        """Keep what `mixlaw optimize --path` wrote."""
        super().__init__(text, summary, messages)
        self.reliable = reliable
        """False where one of them is not to be relied on."""

    @property
    def optima(self) -> list[Optimum]:
        """The optima, in the order of the path."""
        return [
            Optimum(json.dumps(row["optimum"], ensure_ascii=False))
            for row in self.data["rows"]
            if "optimum" in row
        ]

    @property
    def table(self) -> Any:
        """The path as a table: params, tokens, flops, objective, h_<domain>, pred_<target>."""
        rows = [
            {
                **{name: value for name, value in row.items() if name != "optimum"},
                "objective": best.objective,
                **{f"h_{name}": share for name, share in best.weights.items()},
                **{f"pred_{name}": loss for name, loss in best.predicted.items()},
            }
            for row, best in zip(self.data["rows"], self.optima, strict=True)
        ]
        names = dict.fromkeys(name for row in rows for name in row)
        columns = {name: [row.get(name) for row in rows] for name in names}
        return _frames.build(columns, _frames.usual_kind())

    @overload
    def __getitem__(self, index: int) -> Optimum: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Optimum]: ...
    def __getitem__(self, index: int | slice) -> Optimum | Sequence[Optimum]:
        """Give the optimum at a place of the path."""
        return self.optima[index]

    def __len__(self) -> int:
        """Count the places of the path."""
        return len(self.data["rows"])

    def __iter__(self) -> Iterator[Optimum]:
        """Go along the path."""
        return iter(self.optima)

    def __repr__(self) -> str:
        """Say how many there are."""
        return f"<mixlaw.OptimumPath: {len(self)} optima>"
