"""Options as flags."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from conftest import RUNS

import mixlaw
from mixlaw._arguments import arguments, names_of
from mixlaw._options import OPTIONS

HERE = Path("unused")
CASES = [
    ("fit", {"targets": pl.Series(["loss_a", "loss_b"])}, ["--targets=loss_a,loss_b"]),
    ("fit", {"targets": np.array(["loss_a"])}, ["--targets=loss_a"]),
    ("fit", {"law": ["additive", "joint"]}, ["--law=additive,joint"]),
    ("fit", {"where": "n_params > 1e8"}, ["--where=n_params > 1e8"]),
    ("fit", {"where": ["a > 1", "b in (1, 2)"]}, ["--where=a > 1", "--where=b in (1, 2)"]),
    ("fit", {"targets": ["loss_*", "!loss_total"]}, ["--targets=loss_*,!loss_total"]),
    ("fit", {"targets": ["a,b", "c"]}, ['--targets="a,b",c']),
    ("fit", {"targets": [" a", "b "]}, ['--targets=" a","b "']),
    ("fit", {"row_weights": "w", "delta": 1e-3}, ["--row-weights=w", "--delta=0.001"]),
    ("fit", {"normalize": True, "rows": False}, ["--normalize", "--no-rows"]),
    ("fit", {"normalize": False, "rows": True, "seed": None}, []),
    ("fit", {"backtest": False}, ["--no-backtest"]),
    ("fit", {"fix": {"alpha": 0.34, "gamma[web]": 1}}, ["--fix=alpha=0.34,gamma[web]=1"]),
    ("fit", {"bounds": {"beta": (0.2, None)}}, ["--bounds=beta=0.2:"]),
    ("fit", {"input": {"s": "col", "t": "u"}}, ["--input=s=col", "--input=t=u"]),
    ("fit", {"start": [{"A": 1, "B": 2}, {"A": 3}]}, ["--start=A=1,B=2", "--start=A=3"]),
    ("fit", {"law_file": ["a.yaml", HERE]}, ["--law-file=a.yaml", "--law-file=unused"]),
    ("fit", {"restarts": np.int64(8), "level": np.float64(0.9)}, ["--restarts=8", "--level=0.9"]),
    ("optimize", {"params": 7e9, "tokens": "150B"}, ["--params=7000000000.0", "--tokens=150B"]),
    ("optimize", {"cap": {"web": 0.4, "a,b": 0.1}}, ['--cap=web=0.4,"a,b"=0.1']),
    (
        "optimize",
        {"reference": pd.Series({"web": 0.5, "code": 0.5})},
        ["--reference=web=0.5,code=0.5"],
    ),
    (
        "optimize",
        {"group": ["math+code>=0.2", "web<=0.5"]},
        ["--group=math+code>=0.2", "--group=web<=0.5"],
    ),
    (
        "optimize",
        {"path": {"params": [1e9, 2e9], "tokens": "20x"}},
        ["--path=params=1000000000.0,2000000000.0", "--path=tokens=20x"],
    ),
    ("predict", {"at": [{"params": 7e9, "web": 1}]}, ["--at=params=7000000000.0,web=1"]),
]


@pytest.mark.parametrize(("command", "options", "words"), CASES)
def test_options_are_flags(command, options, words):
    assert arguments(command, options, HERE) == words


def test_tables_among_options_are_written(tmp_path):
    (word,) = arguments("optimize", {"candidates": pl.DataFrame({"h_web": [1.0]})}, tmp_path)
    assert word == f"--candidates={tmp_path / 'candidates.parquet'}"
    (word,) = arguments("optimize", {"candidates": {"h_web": [0.1, 1 / 3]}}, tmp_path)
    assert Path(word.partition("=")[2]).read_text("utf-8") == "h_web\n0.1\n0.3333333333333333\n"


def test_an_optimum_stands_for_its_mixture_and_a_column_called_weights_for_nothing(tmp_path):
    best = mixlaw.Optimum('{"weights": {"web": 0.75, "code": 0.25}}')
    assert arguments("optimize", {"reference": best}, HERE) == ["--reference=web=0.75,code=0.25"]
    frame = pd.DataFrame({"h_web": [1.0], "weights": [2.0]})
    (word,) = arguments("optimize", {"candidates": frame}, tmp_path)
    assert pd.read_parquet(word.partition("=")[2]).equals(frame)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"restart": 3}, "fit: there is no option 'restart'; did you mean 'restarts'?"),
        ({"rowweights": "w"}, "fit: there is no option 'rowweights'; did you mean 'row_weights'?"),
        ({"out": "fit.json"}, "fit: 'out' is no option in Python: the result has save()"),
        ({"laws": "joint", "law": "joint"}, "laws and law are the same option: give one"),
        ({"normalize": 1}, "normalize is 1; it must be True or False"),
        ({"seed": True}, "seed is True; it must be S"),
    ],
)
def test_what_is_no_option_is_a_type_error(options, message):
    with pytest.raises(TypeError) as raised:
        mixlaw.fit(RUNS, **options)
    assert str(raised.value).startswith(message)


def test_every_command_has_its_options():
    assert {"law", "where", "bootstrap", "deadline", "backend"} <= names_of("fit")
    assert {"cap", "floor", "trust", "params", "path"} <= names_of("optimize")
    assert {"by", "folds", "law"} <= names_of("validate")
    assert {"at", "interval_of"} <= names_of("predict")
    assert all(option.help for command in OPTIONS.values() for option in command.values())
    assert "bootstrap replicates" in (mixlaw.fit.__doc__ or "")
