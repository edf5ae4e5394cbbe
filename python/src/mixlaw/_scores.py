"""Scores of a fit file as columns."""

from __future__ import annotations

from typing import Any

Columns = dict[str, list[Any]]


def score_columns(data: dict[str, Any]) -> Columns:
    """Give a row for each fit and set of rows."""
    keys = {
        "rows": "rows",
        "mrePercent": "mre_percent",
        "r2": "r2",
        "mae": "mae",
        "spearman": "spearman",
    }
    columns: Columns = {name: [] for name in ("law", "target", "split", *keys.values())}
    for fit in data["fits"]:
        for split in ("train", "test"):
            scores = fit.get(split)
            if scores is None:
                continue
            columns["law"].append(fit["law"])
            columns["target"].append(fit["target"])
            columns["split"].append(split)
            for key, name in keys.items():
                columns[name].append(scores[key])
    return columns
