"""A small grid of learning rates, from which those of the plan were taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .corpora import TRAINED
from .plan import Run
from .training import train

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .corpora import Corpora
    from .plan import Plan


def grid(
    plan: Plan, corpora: Corpora, size: str, rates: list[float], steps: int
) -> Iterator[tuple[float, float]]:
    """Train a size on the uniform mixture at each rate.

    Yields rates, each with its mean of bits a byte over the domains that are trained on.
    """
    recipe = replace(plan.recipe, checkpoints=(steps,))
    for rate in rates:
        sizes = {size: replace(plan.sizes[size], rate=rate)}
        trial = replace(plan, recipe=recipe, sizes=sizes)
        for checkpoint in train(trial, Run(size, "uniform", 0), corpora):
            yield rate, sum(checkpoint.losses[domain] for domain in TRAINED) / len(TRAINED)
