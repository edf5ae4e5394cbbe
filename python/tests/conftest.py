"""What the tests share: the example's runs, and the command beside the package."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUNS = ROOT / "test/simulated/runs.csv"

FAST = {"laws": "simple", "targets": "loss_web", "restarts": 4, "seed": 2, "backend": "cpu"}
"""A fit of half a second."""
FAST_WORDS = ("--law=simple", "--targets=loss_web", "--restarts=4", "--seed=2", "--backend=cpu")


def command(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "mixlaw", *words],
        cwd=cwd,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )


def without_place(data: dict) -> dict:
    """Leave out what depends on when, and on the file that the runs were in."""
    kept = {name: value for name, value in data.items() if name != "timing"}
    source = {"source", "sha256"}
    kept["data"] = {name: value for name, value in data["data"].items() if name not in source}
    return kept


@pytest.fixture(scope="session")
def commands_fit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the fit file of the command on the example."""
    folder = tmp_path_factory.mktemp("command")
    completed = command("fit", str(RUNS), *FAST_WORDS, "--out=fit.json", cwd=folder)
    assert completed.returncode == 0, completed.stderr
    return folder / "fit.json"


@pytest.fixture(scope="session")
def commands_data(commands_fit: Path) -> dict:
    """Give what is in it, as far as it does not depend on the place."""
    return without_place(json.loads(commands_fit.read_text("utf-8")))
