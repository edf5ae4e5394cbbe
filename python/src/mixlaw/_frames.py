"""Tables of whatever library the user has: written for the command, and made from its results.

No library is needed, and none is imported that the user has not imported: a table is recognized by
the libraries that are loaded.
"""

from __future__ import annotations

import csv
import math
import os
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["pandas", "polars", "pyarrow", "columns", "path"]
"""pandas and Polars DataFrames, PyArrow tables, mappings of names to columns, files."""


LIBRARIES: dict[Kind, tuple[str, ...]] = {
    "pandas": ("DataFrame",),
    "polars": ("DataFrame", "LazyFrame"),
    "pyarrow": ("Table", "RecordBatch"),
}
"""Names of the types of tables that a library has."""


def kind_of(table: Any) -> Kind | None:
    """Say what kind of table something is; None where it is none."""
    if isinstance(table, (str, os.PathLike)):
        return "path"
    for kind, names in LIBRARIES.items():
        library = sys.modules.get(kind)
        if isinstance(table, tuple(getattr(library, name, ()) for name in names)):
            return kind
    if hasattr(table, "__arrow_c_stream__") and find_spec("pyarrow") is not None:
        return "pyarrow"
    if isinstance(table, Mapping) and all(_is_column(column) for column in table.values()):
        return "columns"
    return None


def _is_column(value: Any) -> bool:
    if isinstance(value, (str, bytes, Mapping)):
        return False
    return isinstance(value, Sequence) or hasattr(value, "tolist") or hasattr(value, "to_list")


def usual_kind() -> Kind:
    """Choose a kind where none is given: of the libraries that are loaded, else installed."""
    loaded = [kind for kind in LIBRARIES if kind in sys.modules]
    installed = (kind for kind in LIBRARIES if find_spec(kind) is not None)
    return loaded[0] if loaded else next(installed, "columns")


def result_kind(tables: Any) -> Kind:
    """Choose the kind of results for tables that were given: theirs, or the usual one for files."""
    kind = kind_of(tables[0] if isinstance(tables, (list, tuple)) and tables else tables)
    return usual_kind() if kind is None or kind == "path" else kind


def write(table: Any, folder: Path, name: str) -> Path:
    """Write a table for the command: as Parquet, or as CSV where the library cannot."""
    kind = kind_of(table)
    if kind == "pandas":
        return _write_pandas(table, folder / name)
    if kind == "polars":
        path = folder / f"{name}.parquet"
        frame = table.collect() if hasattr(table, "collect") else table
        frame.write_parquet(path, compression="uncompressed")
        return path
    if kind == "pyarrow":
        return _write_pyarrow(table, folder / name)
    if kind == "columns":
        return _write_csv({key: _listed(column) for key, column in table.items()}, folder / name)
    raise TypeError(
        f"a table is expected, not {type(table).__name__}: give a pandas or Polars DataFrame, "
        "a PyArrow table, a mapping of names to columns, or the path of a file"
    )


def _write_pandas(frame: Any, stem: Path) -> Path:
    named = [name for name in frame.index.names if name is not None]
    flat = frame.reset_index() if len(named) == frame.index.nlevels else frame
    path = stem.with_suffix(".parquet")
    try:
        flat.to_parquet(path, index=False, compression=None)
    except (ImportError, TypeError, ValueError):  # no library for it, or columns of mixed types
        path.unlink(missing_ok=True)
        path = stem.with_suffix(".csv")
        single = flat.select_dtypes("float32").columns
        flat.astype(dict.fromkeys(single, "float64")).to_csv(path, index=False)
    return path


def _write_pyarrow(table: Any, stem: Path) -> Path:
    import pyarrow as pa
    from pyarrow import parquet

    path = stem.with_suffix(".parquet")
    try:
        parquet.write_table(pa.table(table), path, compression="none")
    except pa.ArrowInvalid as error:  # a column, such as a Series
        raise TypeError(f"a table is expected, not {type(table).__name__}") from error
    return path


def _listed(column: Any) -> list[Any]:
    for name in ("tolist", "to_list"):
        if hasattr(column, name):
            return list(getattr(column, name)())
    return list(column)


def _write_csv(columns: Mapping[str, list[Any]], stem: Path) -> Path:
    """Write columns as CSV. Python's text of a float is the shortest that reads back as the same."""
    path = stem.with_suffix(".csv")
    if len({len(column) for column in columns.values()}) > 1:
        lengths = ", ".join(f"{name} has {len(column)}" for name, column in columns.items())
        raise ValueError(f"the columns of a table must be of one length: {lengths}")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def build(columns: Mapping[str, list[Any]], kind: Kind) -> Any:
    """Make a table of columns; None stands for what is missing."""
    if kind == "pandas":
        import pandas as pd

        return pd.DataFrame(
            {name: pd.Series(each, dtype=_dtype(each)) for name, each in columns.items()}
        )
    if kind == "polars":
        import polars as pl

        types = {float: pl.Float64, int: pl.Int64, str: pl.String}
        return pl.DataFrame(
            [pl.Series(name, values, types[_type_of(values)]) for name, values in columns.items()]
        )
    if kind == "pyarrow":
        import pyarrow as pa

        arrow = {float: pa.float64(), int: pa.int64(), str: pa.string()}
        return pa.table(
            {name: pa.array(each, arrow[_type_of(each)]) for name, each in columns.items()}
        )
    return dict(columns)


def columns_of(records: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Give records, which all have the same names, as columns."""
    names = records[0] if records else []
    return {name: [record[name] for record in records] for name in names}


def _type_of(values: list[Any]) -> type:
    """Give the type of a column: whole numbers, numbers with None among them, or texts."""
    kinds = {type(value) for value in values if value is not None}
    if not kinds <= {int, float}:
        return str
    return int if kinds == {int} and None not in values else float


def _dtype(values: list[Any]) -> str | None:
    """Give the type of a column of pandas, which has NaN for a number that is missing."""
    return "float64" if _type_of(values) is float else None


def with_columns(table: Any, added: Mapping[str, list[float | None]]) -> Any:
    """Give a table with columns of numbers added, of the kind that it is."""
    kind = kind_of(table)
    if kind == "pandas":
        numbers = {name: list(map(_or_nan, values)) for name, values in added.items()}
        return table.assign(**numbers)
    if kind == "polars":
        import polars as pl

        frame = table.collect() if hasattr(table, "collect") else table
        return frame.with_columns(
            *(pl.Series(name, values, pl.Float64) for name, values in added.items())
        )
    if kind == "pyarrow":
        import pyarrow as pa

        result = pa.table(table)
        for name, values in added.items():
            result = result.append_column(name, pa.array(values, pa.float64()))
        return result
    return {**table, **added}


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def read_csv(path: Path) -> dict[str, list[str]]:
    """Read the columns of a CSV file that the command has written, as texts."""
    before = csv.field_size_limit(sys.maxsize if sys.maxsize < 2**31 else 2**31 - 1)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
    finally:
        csv.field_size_limit(before)
    return {name: [row[at] for row in rows] for at, name in enumerate(header)}


def typed(texts: list[str]) -> list[Any]:
    """Give a column of texts as numbers where all of them are; empty ones are missing."""
    try:
        return [None if text == "" else float(text) for text in texts]
    except ValueError:
        return [None if text == "" else text for text in texts]


def numbers(texts: list[str]) -> list[float | None]:
    """Give a column of texts as numbers; empty ones are missing."""
    return [None if text == "" else float(text) for text in texts]


def width(table: Any) -> int:
    """Count the columns of a table."""
    if isinstance(table, Mapping):
        return len(table)
    if hasattr(table, "collect_schema"):
        return len(table.collect_schema())
    if hasattr(table, "columns"):
        return len(table.columns)
    return len(table.__arrow_c_schema__())
