"""Fits, predictions and optima: the command's numbers, in the user's kind of table."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import FAST, RUNS, command, without_place
from pyarrow import csv as arrow_csv

import mixlaw

FRAMES = {
    "pandas": lambda: pd.read_csv(RUNS),
    "polars": lambda: pl.read_csv(RUNS),
    "lazy": lambda: pl.scan_csv(RUNS),
    "pyarrow": lambda: arrow_csv.read_csv(RUNS),
    "columns": lambda: pl.read_csv(RUNS).to_dict(as_series=False),
    "path": lambda: RUNS,
}
MIXTURE = {"h_web": [0.25], "h_code": [0.25], "h_papers": [0.25], "h_books": [0.25]}


TYPES = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "lazy": pl.DataFrame, "pyarrow": pa.Table}


@pytest.mark.parametrize("kind", FRAMES)
def test_fit_has_the_commands_numbers_in_the_users_tables(kind, commands_data):
    runs = FRAMES[kind]()
    fit = mixlaw.fit(runs, **FAST)
    assert without_place(fit.data) == commands_data
    assert type(fit.parameters) is TYPES.get(kind, dict if kind == "columns" else pd.DataFrame)
    if kind != "path":
        assert type(fit.predict(runs)) is TYPES.get(kind, dict)


@pytest.fixture(scope="module")
def fit():
    return mixlaw.fit(pd.read_csv(RUNS), **FAST)


def test_a_fit_says_what_it_is(fit):
    assert fit.reliable
    assert (fit.laws, fit.targets) == (["simple"], ["loss_web"])
    assert fit.domains == ["web", "code", "papers", "books"]
    assert repr(fit) == "<mixlaw.Fit: simple to loss_web; 600 rows>"
    assert "600 rows fitted" in str(fit)
    assert "Wrote" not in str(fit)


def test_parameters_are_the_commands_table(fit, commands_fit):
    table = fit.parameters
    assert isinstance(table, pd.DataFrame)
    stored = json.loads(commands_fit.read_text("utf-8"))["fits"][0]["parameters"]
    assert table.query("parameter == 'alpha'")["value"].item() == stored["alpha"]
    by_domain = table.query("parameter == 'C'").set_index("domain")["value"]
    assert by_domain.to_dict() == stored["C"]
    assert table.dtypes["low"] == "float64"
    assert table["mark"].isin(["not-determined", "at-bound"]).any()
    assert fit.scores["rows"].tolist() == [600]
    assert fit.scores["r2"].item() == fit.data["fits"][0]["train"]["r2"]


def test_predictions_at_the_runs(fit):
    table = fit.predictions
    assert len(table) == 600
    assert (table["predicted"] - table["observed"] == table["residual"]).all()


def test_an_optimum_is_saved_for_trainers(fit, tmp_path):
    best = fit.optimize(params=1e9, tokens=2e10, samples=0, backend="cpu")
    best.save(tmp_path / "best.json")
    assert json.loads((tmp_path / "best.json").read_text("utf-8")) == best.data
    best.save(
        tmp_path / "blend", format="megatron", paths={name: f"/d/{name}" for name in fit.domains}
    )
    blend = (tmp_path / "blend").read_text("utf-8").split()
    assert blend[1::2] == [f"/d/{name}" for name in fit.domains if best.weights[name] > 0]
    with pytest.raises(mixlaw.InputError, match="--format"):
        best.save(tmp_path / "x", format="megatorn")
    with pytest.raises(TypeError, match="give format too"):
        best.save(tmp_path / "x", paths="/d/{domain}")


def test_predictions_are_the_commands(fit, commands_fit):
    points = pd.read_csv(RUNS).set_index("run_id").tail(50).astype({"mixture_id": "int16"})
    predicted = fit.predict(points)
    said = command("predict", "fit.json", str(RUNS), cwd=commands_fit.parent).stdout
    rows = list(csv.DictReader(io.StringIO(said)))[-50:]
    for name in ("pred_loss_web", "pred_loss_web_low", "pred_loss_web_high"):
        assert predicted[name].tolist() == [float(row[name]) for row in rows]
    assert predicted.index.equals(points.index)
    assert predicted.dtypes["mixture_id"] == "int16"
    assert list(predicted)[: len(points.columns)] == list(points)


def test_predictions_at_a_point(fit):
    with pytest.warns(mixlaw.MixlawWarning, match="extrapolated"):
        predicted = fit.predict(
            at={"params": 7e9, "tokens": "150B", **{name[2:]: 0.25 for name in MIXTURE}}
        )
    assert isinstance(predicted, pd.DataFrame)
    assert 1 < predicted["pred_loss_web"].item() < 3


def test_rows_without_a_prediction_are_missing(fit):
    points = pl.DataFrame(
        {"n_params": [1e8, None], "n_tokens": [1e9, 1e9]} | {n: v * 2 for n, v in MIXTURE.items()}
    )
    predicted = fit.predict(points)["pred_loss_web"].to_list()
    assert predicted[0] is not None
    assert predicted[1] is None


def test_optimum_is_the_commands(fit, commands_fit):
    best = fit.optimize(params=7e9, tokens=150e9, cap={"web": 0.4}, backend="cpu")
    words = ["--params=7B", "--tokens=150B", "--cap=web=0.4", "--backend=cpu", "--format=json"]
    said = command("optimize", "fit.json", *words, cwd=commands_fit.parent)
    assert best.data == json.loads(said.stdout)
    assert sum(best.weights.values()) == pytest.approx(1)
    assert best.reliable
    assert best.verdict == best.data["verdict"]["status"]
    assert any(finding.code == "beyond-trained-scale" for finding in best.findings)


def test_path_of_optima(fit):
    path = fit.optimize_path({"params": [1e9, 2e9], "tokens": "20x"}, samples=64, backend="cpu")
    assert [best.at["params"] for best in path] == [1e9, 2e9]
    assert isinstance(path.table, pd.DataFrame)
    assert path.table["h_web"].tolist() == [best.weights["web"] for best in path]
    assert path[0].predicted["loss_web"] > path[-1].predicted["loss_web"]


def test_validation_of_the_same_runs(fit):
    validation = fit.validate(folds=2, backtest=False)
    assert validation.law == validation.data["conclusion"]["law"]
    assert validation.findings[0].code in {"law-to-use", "no-better-than-mean"}
    assert repr(validation).startswith("<mixlaw.Validation: use ")
    assert validation.scores["law"].tolist() == ["simple"]
    assert "held out: 2 folds" in str(validation)


def test_files_go_round(fit, tmp_path):
    fit.save(tmp_path / "fit.json")
    loaded = mixlaw.Fit.load(tmp_path / "fit.json")
    assert loaded.data == fit.data
    assert loaded.optimize(params=1e8, tokens=1e9, samples=0).weights
    with pytest.raises(TypeError, match="give its runs"):
        loaded.validate()


def test_several_tables_are_joined():
    runs = pl.read_csv(RUNS).with_columns(key=pl.int_range(pl.len()))
    losses = [name for name in runs.columns if name.startswith("loss_")]
    fit = mixlaw.fit([runs.drop(losses), runs.select("key", *losses)], join="key", **FAST)
    assert fit.data["data"]["rows"] == 600


def test_what_cannot_be_used_is_one_line():
    with pytest.raises(
        mixlaw.InputError, match=r'^--law: there is no law "simpel"; did you mean "simple"'
    ):
        mixlaw.fit(RUNS, laws="simpel")
    with pytest.raises(ValueError, match=r"^DataFrame\.csv has no column"):
        mixlaw.fit({"a": [1.0]})
    with pytest.raises(TypeError, match="a table is expected, not int"):
        mixlaw.fit(3)


def test_what_is_not_to_be_relied_on_is_returned_with_a_warning():
    with pytest.warns(mixlaw.UnreliableWarning, match="not to be relied on") as told:
        fit = mixlaw.fit(RUNS, **FAST, fix={"E": 100})
    assert told[0].filename == __file__
    assert not fit.reliable
    assert [finding.target for finding in fit.findings][:1] == ["loss_web"]


def test_a_deadline_before_anything_is_an_error():
    with pytest.raises(mixlaw.MixlawError, match="deadline"):
        mixlaw.fit(RUNS, **FAST, deadline="1ms")
