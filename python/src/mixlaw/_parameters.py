"""Parameters and scores of a fit file as tidy columns."""

from __future__ import annotations

from typing import Any

from ._result import leaves

Columns = dict[str, list[Any]]


def parameter_columns(data: dict[str, Any]) -> Columns:
    """Give a row for each value of each fit."""
    names = (
        "law",
        "target",
        "parameter",
        "index",
        "value",
        "standard_error",
        "low",
        "high",
    )
    rows = [row for fit in data["fits"] for row in _parameter_rows(fit)]
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}


def _parameter_rows(fit: dict[str, Any]) -> list[tuple[Any, ...]]:
    errors = leaves(fit.get("standardErrors"))
    intervals = leaves((fit.get("bootstrap") or {}).get("parameters"))
    rows: list[tuple[Any, ...]] = []
    for at, value in leaves(fit["parameters"]).items():
        parameter, *index = at
        low, high = intervals.get(at) or (None, None)
        place = ",".join(index) or None
        rows.append((fit["law"], fit["target"], parameter, place, value, errors.get(at), low, high))
    return rows


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
