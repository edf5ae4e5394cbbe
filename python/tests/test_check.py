"""Plans registered by a fit, and checked with runs."""

from __future__ import annotations

import pandas as pd
import pytest

import mixlaw

AT = {"params": 1e9, "tokens": 2e10, "samples": 0, "backend": "cpu"}


def trained(best: mixlaw.Optimum, loss: float) -> pd.DataFrame:
    """Give a run of an optimum."""
    shares = {f"h_{name}": [share] for name, share in best.weights.items()}
    return pd.DataFrame({"n_params": [1e9], "n_tokens": [2e10], **shares, "loss_web": [loss]})


def test_a_plan_is_checked_with_the_runs_trained_since(commands_fit, tmp_path):
    plan = tmp_path / "plan.json"
    best = mixlaw.Fit.load(commands_fit).optimize(**AT, register=plan)
    predicted = best.predicted["loss_web"]
    check = mixlaw.check(plan, trained(best, predicted))
    assert check.verdict == "inside"
    assert check.reliable
    assert check.losses["predicted"].tolist() == pytest.approx([predicted])
    assert check.losses["inside"].tolist() == [True]
    assert check.laws["law"].tolist() == ["simple"]
    assert len(check.calibration) >= 3
    assert check.findings[0].code == "losses-inside"
    assert repr(check) == "<mixlaw.PlanCheck: inside; 1 runs>"
    with pytest.warns(mixlaw.UnreliableWarning):
        far = mixlaw.check([plan], trained(best, 2 * predicted))
    assert far.verdict == "outside"
    assert not far.reliable


def test_a_plan_that_was_changed_is_refused(commands_fit, tmp_path):
    plan = tmp_path / "plan.json"
    best = mixlaw.Fit.load(commands_fit).optimize(**AT, register=plan)
    plan.write_text(plan.read_text("utf-8").replace("0.95", "0.94"), "utf-8")
    with pytest.raises(mixlaw.InputError, match="was changed after it was registered"):
        mixlaw.check(plan, trained(best, 3.0))
