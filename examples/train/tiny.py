"""The whole way in minutes: so few sizes, steps and mixtures that only the way counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .model import Shape
from .plan import Run, Size

if TYPE_CHECKING:
    from .plan import Plan

WIDTHS = {"tiny": 16, "small": 32}
MIXTURES = 10
CHECKPOINTS = (32, 64, 128)
MEASURED = 64


def tiny(plan: Plan) -> Plan:
    """Make a plan of two sizes of one layer on the first ten mixtures, three checkpoints each."""
    recipe = replace(plan.recipe, checkpoints=CHECKPOINTS, measured=MEASURED, warmup=10)
    sizes = {name: Size(Shape(width, 1, recipe.length), 0.01) for name, width in WIDTHS.items()}
    mixtures = list(plan.mixtures)[:MIXTURES]
    runs = tuple(Run(size, mixture, 0) for size in sizes for mixture in mixtures)
    return replace(plan, recipe=recipe, sizes=sizes, runs=runs)
