"""Fits scaling laws for data mixtures, and chooses the mixture.

    import pandas as pd, mixlaw
    fit = mixlaw.fit(pd.read_csv("runs.csv"), laws=["additive", "joint"])
    best = fit.optimize(params=7e9, tokens=150e9)
    fit.report(best)

Options are the flags of the command, with underscores: `help(mixlaw.fit)` lists them. What is
computed is computed by the command, which is in this package: `python -m mixlaw` runs it.
"""

from importlib.metadata import PackageNotFoundError, version

from . import _options
from ._check import PlanCheck, check
from ._errors import (
    InputError,
    Interrupted,
    MixlawError,
    MixlawWarning,
    NodeNotFoundError,
    UnreliableWarning,
)
from ._fit import Fit, fit
from ._optimum import Optimum, OptimumPath
from ._progress import Progress
from ._report import Report
from ._result import Finding
from ._validation import Validation, validate

__all__ = [
    "Finding",
    "Fit",
    "InputError",
    "Interrupted",
    "MixlawError",
    "MixlawWarning",
    "NodeNotFoundError",
    "Optimum",
    "OptimumPath",
    "PlanCheck",
    "Progress",
    "Report",
    "UnreliableWarning",
    "Validation",
    "check",
    "fit",
    "validate",
]

try:
    __version__ = version("mixlaw")
except PackageNotFoundError:
    __version__ = "0"


def _with_options(documented: object, command: str) -> None:
    """Add what the command's help says of its options to a docstring."""
    lines = [f"    {name}: {option.help}" for name, option in _options.OPTIONS[command].items()]
    documented.__doc__ = "\n".join([documented.__doc__ or "", "Options:", *lines])


_with_options(check, "check")
_with_options(fit, "fit")
_with_options(validate, "validate")
_with_options(Fit.predict, "predict")
_with_options(Fit.optimize, "optimize")
