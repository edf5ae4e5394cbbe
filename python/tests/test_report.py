"""The report, and how it is shown in a notebook."""

from __future__ import annotations

import re
from html import unescape

import mixlaw


def test_report_is_the_commands_and_shows_itself(commands_fit, tmp_path):
    fit = mixlaw.Fit.load(commands_fit)
    best = fit.optimize(params=1e9, tokens=2e10, samples=0, backend="cpu")
    report = fit.report(best, height=600)
    report.save(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text("utf-8") == report.html
    assert report.html.startswith("<!doctype html>")
    shown = report._repr_html_()
    page = re.fullmatch(
        r'<iframe srcdoc="([^"]*)" sandbox="([^"]*)".* height="600".*></iframe>', shown, re.DOTALL
    )
    assert page is not None
    assert unescape(page[1]) == report.html
    assert "allow-same-origin" not in page[2]
    assert "save(path)" in repr(report)


def test_results_show_what_the_command_prints(commands_fit):
    fit = mixlaw.Fit.load(commands_fit)
    best = fit.optimize(params=1e9, tokens=2e10, samples=0, backend="cpu")
    assert "share %" in best._repr_html_()
    assert "share %" in str(best)
