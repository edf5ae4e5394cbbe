"""One run: a trunk at a constant rate, and at each checkpoint a branch whose rate falls to 0."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from .batches import batches, sequences, spread
from .model import Shape, initial, nats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from torch import Tensor

    from .corpora import Corpora
    from .plan import Plan, Recipe, Run

EVALUATED_AT_ONCE = 32


@dataclass(frozen=True)
class Checkpoint:
    """What is measured of a run after some steps."""

    steps: int
    tokens: int
    losses: dict[str, float]
    """Bits a byte on each target's held-out text."""
    seconds: float
    """Of processor time, since the run began."""


class _State:
    """A model with its optimizer: parameters and Adam's two moments, a vector each."""

    def __init__(self, shape: Shape, parameters: Tensor, recipe: Recipe) -> None:
        self.shape, self.recipe = shape, recipe
        self.parameters = parameters.clone().requires_grad_()
        self.optimizer = torch.optim.Adam([self.parameters], betas=recipe.betas, fused=True)

    def step(self, batch: NDArray[np.int64], rate: float) -> None:
        self.optimizer.param_groups[0]["lr"] = rate
        self.optimizer.zero_grad()
        torch.autograd.backward(nats(self.parameters, self.shape, torch.from_numpy(batch)))
        torch.nn.utils.clip_grad_norm_([self.parameters], self.recipe.clip)
        self.optimizer.step()

    def copy(self) -> _State:
        other = _State(self.shape, self.parameters.detach(), self.recipe)
        other.optimizer.load_state_dict(self.optimizer.state_dict())
        moments = other.optimizer.state[other.parameters]
        for name, value in self.optimizer.state[self.parameters].items():
            moments[name] = value.clone()
        return other


def train(plan: Plan, run: Run, corpora: Corpora) -> Iterator[Checkpoint]:
    """Train a run and yield its checkpoints. One thread, the same numbers each time.

    A branch sees the batches that the trunk sees after it: a checkpoint is what a run of so many
    steps would be that was trained for itself.
    """
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    began = time.process_time()
    recipe, size = plan.recipe, plan.sizes[run.size]
    texts = [sequences(text, recipe.length) for text in corpora.training.values()]
    shares = np.array([plan.mixtures[run.mixture][domain] for domain in corpora.training])
    last = max(recipe.checkpoints)
    ahead: list[NDArray[np.int64]] = []
    source = batches(texts, shares, recipe.batch, last, run.random)
    trunk = _State(size.shape, initial(size.shape, run.random), recipe)
    done = 0
    for steps in sorted(recipe.checkpoints):
        decaying = round(recipe.decay * steps)
        while done < steps - decaying:
            batch = ahead.pop(0) if ahead else next(source)
            trunk.step(batch, size.rate * min(1, (done + 1) / recipe.warmup))
            done += 1
        ahead += [next(source) for _ in range(decaying - len(ahead))]
        branch = trunk.copy()
        for place, batch in enumerate(ahead[:decaying]):
            branch.step(batch, size.rate * (1 - (place + 0.5) / decaying))
        yield Checkpoint(
            steps,
            steps * recipe.batch * recipe.length,
            losses(branch.parameters, size.shape, corpora, recipe.measured),
            time.process_time() - began,
        )


def losses(parameters: Tensor, shape: Shape, corpora: Corpora, measured: int) -> dict[str, float]:
    """Measure bits a byte on `measured` sequences of each target's held-out text."""
    result = {}
    with torch.no_grad():
        for target, text in corpora.held_out.items():
            rows = torch.from_numpy(spread(text, shape.length, measured).astype(np.int64))
            total: float = sum(
                nats(parameters, shape, part, "sum").item()
                for part in torch.split(rows, EVALUATED_AT_ONCE)
            )
            result[target] = total / (measured * shape.length * math.log(2))
    return result
