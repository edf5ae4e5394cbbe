"""Tables of whatever library the user has: written for the command, and made from its results.

No library is needed, and none is imported that the user has not imported: a table is recognized by
the libraries that are loaded.
"""

from __future__ import annotations

import csv
import io
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


def result_kind(tables: Any) -> Kind | None:
    """Say of what kind results for tables are: of theirs; None for files, which leave it open."""
    kind = kind_of(tables[0] if isinstance(tables, (list, tuple)) and tables else tables)
    return None if kind == "path" else kind


def held(table: Any) -> Any:
    """Give a table that is the same whenever it is read: what a query of Polars or a stream gives.

    Of several tables, each.
    """
    if isinstance(table, (list, tuple)):
        return [held(each) for each in table]
    kind = kind_of(table)
    if kind == "polars" and hasattr(table, "collect"):
        return table.collect()
    if kind == "pyarrow":
        import pyarrow as pa

        try:
            return pa.table(table)
        except pa.ArrowInvalid as error:  # a column, such as a Series
            raise TypeError(f"a table is expected, not {type(table).__name__}") from error
    return table


def write(table: Any, folder: Path, name: str) -> Path:
    """Write a table for the command: as Parquet, or as CSV where the library cannot."""
    kind = kind_of(table)
    path = folder / f"{name}.parquet"
    if kind == "pandas":
        return _write_pandas(table, path)
    if kind == "polars":
        held(table).write_parquet(path, compression="uncompressed")
        return path
    if kind == "pyarrow":
        from pyarrow import parquet

        parquet.write_table(held(table), path, compression="none")
        return path
    if kind == "columns":
        columns = {key: _listed(column) for key, column in table.items()}
        return _write_csv(columns, path.with_suffix(".csv"))
    raise TypeError(
        f"a table is expected, not {type(table).__name__}: give a pandas or Polars DataFrame, "
        "a PyArrow table, a mapping of names to columns, or the path of a file"
    )


def _write_pandas(frame: Any, path: Path) -> Path:
    """Write a frame with the named levels of its index, but for those that are columns already."""
    levels = [name for name in frame.index.names if name is not None and name not in frame.columns]
    flat = frame.reset_index(level=levels) if levels else frame
    try:
        flat.to_parquet(path, index=False, compression=None)
    except (ImportError, TypeError, ValueError):  # no library for it, or columns of mixed types
        path.unlink(missing_ok=True)
        path = path.with_suffix(".csv")
        single = flat.select_dtypes("float32").columns
        flat.astype(dict.fromkeys(single, "float64")).to_csv(path, index=False)
    return path


def _listed(column: Any) -> list[Any]:
    for name in ("tolist", "to_list"):
        if hasattr(column, name):
            return list(getattr(column, name)())
    return list(column)


def _write_csv(columns: Mapping[str, list[Any]], path: Path) -> Path:
    """Write columns as CSV. Python's text of a float is the shortest that reads back as the same."""
    if len({len(column) for column in columns.values()}) > 1:
        lengths = ", ".join(f"{name} has {len(column)}" for name, column in columns.items())
        raise ValueError(f"the columns of a table must be of one length: {lengths}")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


LARGEST = 2**63
"""Whole numbers of 64 bits are smaller in size."""


def build(given: Mapping[str, list[Any]], kind: Kind) -> Any:
    """Make a table of columns; None stands for what is missing."""
    columns = {name: _typed_cells(values) for name, values in given.items()}
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
    return columns


def columns_of(records: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Give records, which all have the same names, as columns."""
    names = records[0] if records else []
    return {name: [record[name] for record in records] for name in names}


def _type_of(values: list[Any]) -> type:
    """Give the type of a column: whole numbers of 64 bits, other numbers, or texts."""
    kinds = {type(value) for value in values if value is not None}
    if not kinds <= {int, float}:
        return str
    whole = kinds == {int} and None not in values and all(abs(each) < LARGEST for each in values)
    return int if whole else float


def _typed_cells(values: list[Any]) -> list[Any]:
    """Give whole numbers as the floats that they are where the column has floats."""
    if _type_of(values) is not float:
        return values
    return [None if value is None else float(value) for value in values]


def _dtype(values: list[Any]) -> str | None:
    """Give the type of a column of pandas, which has NaN for a number that is missing."""
    return "float64" if _type_of(values) is float else None


def with_columns(table: Any, added: Mapping[str, list[float | None]]) -> Any:
    """Give a table that is held with columns of numbers added, of the kind that it is."""
    kind = kind_of(table)
    if kind == "pandas":
        numbers = {name: list(map(_or_nan, values)) for name, values in added.items()}
        return table.assign(**numbers)
    if kind == "polars":
        import polars as pl

        return table.with_columns(
            *(pl.Series(name, values, pl.Float64) for name, values in added.items())
        )
    if kind == "pyarrow":
        import pyarrow as pa

        for name, values in added.items():
            table = table.append_column(name, pa.array(values, pa.float64()))
        return table
    return {**table, **added}


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def read_csv(text: str) -> dict[str, list[str]]:
    """Read the columns of CSV that the command has written, as texts."""
    before = csv.field_size_limit(sys.maxsize if sys.maxsize < 2**31 else 2**31 - 1)
    try:
        header, *rows = csv.reader(io.StringIO(text, newline=""))
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


def names(table: Any) -> set[str]:
    """Give the names of the columns of a table that is held."""
    if isinstance(table, Mapping):
        return set(table)
    return set(table.column_names if kind_of(table) == "pyarrow" else table.columns)
