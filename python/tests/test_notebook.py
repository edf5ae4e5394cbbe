"""The README's five lines in a notebook: the command's numbers, and the report shown."""

from __future__ import annotations

import ast
import json
import re
from html import unescape

import nbformat
from conftest import ROOT, RUNS, command, without_place
from nbclient import NotebookClient

LINES = re.search(r"```python\n(.*?)```", (ROOT / "python/README.md").read_text("utf-8"), re.DOTALL)


def test_five_lines_in_a_notebook(tmp_path):
    assert LINES is not None
    lines = LINES[1].strip().splitlines()
    assert len(lines) == 5
    (tmp_path / "runs.csv").write_text(runs_of_one_target(), "utf-8")
    cells = ["\n".join(lines[:4]), lines[4], 'fit.save("fit.json"); best.save("best.json")']
    notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
    client = NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}, timeout=300)
    client.execute()
    nbformat.write(notebook, tmp_path / "five-lines.ipynb")

    words = ["fit", "runs.csv", "--law=additive,joint", "--out=command.json"]
    assert command(*words, cwd=tmp_path).returncode == 0
    fitted = [
        json.loads((tmp_path / name).read_text("utf-8")) for name in ("fit.json", "command.json")
    ]
    assert without_place(fitted[0]) == without_place(fitted[1])
    words = ["optimize", "command.json", "--params=7e9", "--tokens=150e9", "--format=json"]
    best = json.loads(command(*words, cwd=tmp_path).stdout)
    assert json.loads((tmp_path / "best.json").read_text("utf-8")) == best
    assert best["weights"] == ast.literal_eval(printed(notebook.cells[0]))

    (output,) = notebook.cells[1].outputs
    page = unescape(re.search('srcdoc="([^"]*)"', output["data"]["text/html"])[1])
    assert page.startswith("<!doctype html>")
    assert "DataFrame.parquet" in page


def runs_of_one_target() -> str:
    """Give the example's runs with the first of their losses alone: a fit of seconds."""
    rows = [row.rsplit(",", 2)[0] for row in RUNS.read_text("utf-8").splitlines()]
    assert rows[0].endswith(",loss_web")
    return "\n".join([*rows, ""])


def printed(cell) -> str:
    """Give what a cell has printed."""
    return "".join(each["text"] for each in cell.outputs if each.get("name") == "stdout")
