"""Tables as users have them: what the command reads of them."""

from __future__ import annotations

import csv
import datetime
import io

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import command

from mixlaw import _frames

THIRD = 1 / 3


def read_by_the_command(table, commands_fit, tmp_path) -> list[dict[str, str]]:
    """Write a table, and give its cells as the command's predict hands them on."""
    path = _frames.write(table, tmp_path, "points")
    shares = "h_web,h_code,h_papers,h_books"
    said = command("predict", str(commands_fit), str(path), f"--weights={shares}", cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    return list(csv.DictReader(io.StringIO(said.stdout)))


SHARES = {f"h_{name}": [0.25, 0.25] for name in ("web", "code", "papers", "books")}
POINTS = {"n_params": [1e8, 2e8], "n_tokens": [1e9, 1e9], **SHARES}


def test_pandas_of_many_types(commands_fit, tmp_path):
    frame = pd.DataFrame(POINTS).assign(
        third=THIRD,
        single=pd.Series([0.1, 0.2], dtype="float32"),
        whole=pd.array([1, None], dtype="Int64"),
        kind=pd.Categorical(["a", "b"]),
        flag=[True, False],
        day=pd.to_datetime(["2026-01-01", "2026-01-02"]),
    )
    rows = read_by_the_command(frame.set_index("kind"), commands_fit, tmp_path)
    assert [row["kind"] for row in rows] == ["a", "b"]
    assert float(rows[0]["third"]) == THIRD
    assert float(rows[0]["single"]) == frame["single"].astype("float64")[0]
    assert (rows[0]["whole"], rows[1]["whole"]) == ("1", "")


def test_an_index_that_is_a_column_too_is_written_once(tmp_path):
    frame = pd.DataFrame({"id": ["a", "b"], "x": [1, 2]}).set_index(["id", "x"], drop=False)
    frame.index.names = ["id", "place"]
    written = pd.read_parquet(_frames.write(frame, tmp_path, "points"))
    assert list(written) == ["place", "id", "x"]


def test_pandas_of_mixed_columns_goes_as_csv(commands_fit, tmp_path):
    frame = pd.DataFrame(POINTS).assign(
        mixed=[1, "a"], third=THIRD, single=pd.Series([0.1, 0.2], dtype="float32")
    )
    assert _frames.write(frame, tmp_path, "points").suffix == ".csv"
    rows = read_by_the_command(frame, commands_fit, tmp_path)
    assert [row["mixed"] for row in rows] == ["1", "a"]
    assert float(rows[0]["third"]) == THIRD
    assert float(rows[0]["single"]) == frame["single"].astype("float64")[0]


def test_polars_of_many_types(commands_fit, tmp_path):
    frame = pl.DataFrame(POINTS).with_columns(
        third=pl.lit(THIRD),
        single=pl.Series([0.1, 0.2], dtype=pl.Float32),
        small=pl.Series([1, None], dtype=pl.UInt8),
        kind=pl.Series(["a", "b"], dtype=pl.Categorical),
        none=pl.lit(None),
        day=pl.lit(datetime.date(2026, 1, 1)),
        many=pl.Series([[1, 2], [3]]),
    )
    rows = read_by_the_command(frame, commands_fit, tmp_path)
    assert float(rows[0]["third"]) == THIRD
    assert float(rows[0]["single"]) == frame["single"].cast(pl.Float64)[0]
    assert [row["small"] for row in rows] == ["1", ""]
    assert [row["kind"] for row in rows] == ["a", "b"]


def test_whatever_gives_arrow(commands_fit, tmp_path):
    class Relation:
        """A table of another library."""

        def __arrow_c_stream__(self, requested_schema=None):
            return pa.table(POINTS).__arrow_c_stream__(requested_schema)

    rows = read_by_the_command(Relation(), commands_fit, tmp_path)
    assert [row["n_params"] for row in rows] == ["100000000", "200000000"]


def test_columns_of_different_lengths_are_no_table(tmp_path):
    with pytest.raises(ValueError, match="of one length: a has 1, b has 2"):
        _frames.write({"a": [1], "b": [1, 2]}, tmp_path, "points")


@pytest.mark.parametrize("series", [pd.Series([1.0]), pl.Series([1.0])])
def test_a_series_is_no_table(series, tmp_path):
    with pytest.raises(TypeError, match="a table is expected, not Series"):
        _frames.write(series, tmp_path, "points")


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow", "columns"])
def test_results_are_built_with_types(kind):
    columns = {"name": ["a", None], "whole": [1, 2], "number": [0.5, None], "none": [None, None]}
    table = _frames.build(columns, kind)
    assert _frames.kind_of(table) == kind
    assert str(table["number"][0]) == "0.5"


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow", "columns"])
def test_whole_numbers_beyond_64_bits_are_floats(kind):
    column = _frames.build({"flops": [10**18, 12 * 10**19]}, kind)["flops"]
    values = column.to_pylist() if kind == "pyarrow" else list(column)
    assert values == [1e18, 1.2e20]
    assert all(isinstance(value, float) for value in values)
