"""Fits, predictions and optima: the command's numbers, in the user's kind of table."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

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
    several = {name: [f"/d/{name},1", Path(f"/d/{name}-2")] for name in fit.domains}
    best.save(tmp_path / "sources.yaml", format="olmo-core", paths=several)
    sources = (tmp_path / "sources.yaml").read_text("utf-8")
    used = [name for name, share in best.weights.items() if share > 0]
    assert all(str(path) in sources for name in used for path in several[name])
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


class Stream:
    """Rows of another library, which are gone when they have been read."""

    def __init__(self, table):
        """Hold them for once."""
        self.table = table

    def __arrow_c_stream__(self, requested_schema=None):
        """Give them away."""
        table, self.table = self.table, None
        return table.__arrow_c_stream__(requested_schema)


def test_runs_of_a_stream_are_validated_too():
    fit = mixlaw.fit(Stream(arrow_csv.read_csv(RUNS)), **FAST)
    assert isinstance(fit.parameters, pa.Table)
    assert fit.validate(folds=2, backtest=False).scores["law"][0].as_py() == fit.laws[0]


def test_points_are_read_once(fit):
    predicted = fit.predict(Stream(pa.table({"n_params": [1e8], "n_tokens": [1e9], **MIXTURE})))
    assert predicted.column_names[:2] == ["n_params", "n_tokens"]
    assert 1 < predicted["pred_loss_web"][0].as_py() < 10
    runs = 0

    def counted(frame):
        nonlocal runs
        runs += 1
        return frame

    fit.predict(pl.scan_csv(RUNS).map_batches(counted))
    assert runs == 1


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
    assert list(path.table) == ["params", "tokens", "flops", "objective", *MIXTURE, "pred_loss_web"]
    assert path.reliable
    assert {finding.code for finding in path.findings} >= {"beyond-trained-scale"}
    as_polars = mixlaw.OptimumPath(json.dumps(path.data), kind="polars").table
    assert as_polars.to_dict(as_series=False) == path.table.to_dict("list")


@pytest.mark.parametrize("computes", [[1e20], [1e20, 1e21]])
def test_sizes_along_computes_of_a_law_without_a_mixture(computes):
    fit = mixlaw.fit(pl.read_csv(RUNS), **{**FAST, "laws": "chinchilla"})
    path = fit.optimize_path({"flops": computes})
    assert len(path) == len(list(path)) == len(computes)
    assert isinstance(path.table, pl.DataFrame)
    assert path.table["flops"].to_list() == computes
    assert path.table["tokens"].to_list() == [best.at["tokens"] for best in path]
    assert path[0].verdict in {"inside", "at-end"}


def test_each_optimum_of_a_path_says_whether_to_rely_on_it():
    doubt = {"code": "replicates-change-basin", "sentence": "They do."}
    late = {"code": "deadline-passed", "sentence": "It came."}
    verdicts = [
        {"status": "global", "findings": []},
        {"status": "local", "findings": [doubt]},
        {"status": "not-certified", "findings": []},
    ]
    rows = [{"optimum": {"verdict": verdict}} for verdict in verdicts]
    path = mixlaw.OptimumPath(json.dumps({"rows": rows}))
    assert [best.reliable for best in path] == [True, False, False]
    assert not path.reliable
    short = mixlaw.OptimumPath(json.dumps({"rows": rows[:1], "unfinished": late}))
    assert not short.reliable
    assert [finding.code for finding in short.findings] == ["deadline-passed"]


def test_a_fit_says_what_the_deadline_left_undone(fit):
    late = {"code": "deadline-passed", "sentence": "It came."}
    short = mixlaw.Fit(json.dumps({**fit.data, "unfinished": late}))
    assert not short.reliable
    assert short.findings == [*fit.findings, mixlaw.Finding(**late)]


def test_validation_of_the_same_runs(fit):
    validation = fit.validate(folds=2, backtest=False)
    assert validation.law == validation.data["conclusion"]["law"]
    assert validation.findings[0].code in {"law-to-use", "no-better-than-mean"}
    assert repr(validation).startswith("<mixlaw.Validation: use ")
    assert validation.scores["law"].tolist() == ["simple"]
    assert "held out: 2 folds" in str(validation)
    assert validation.reliable
    other = fit.validate(laws="linear", folds=2, backtest=False)
    assert other.scores["law"].tolist() == ["linear"]


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
