"""The plan: what is trained and how, written down before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from .model import Shape

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Recipe:
    """What all runs have in common."""

    batch: int
    """Sequences of a step."""
    length: int
    """Bytes of a sequence."""
    checkpoints: tuple[int, ...]
    """Steps after which losses are measured, each with a decay of its own."""
    decay: float
    """The last part of each checkpoint's steps, in which the rate falls to 0 on a line."""
    warmup: int
    """Steps in which the rate rises on a line."""
    betas: tuple[float, float]
    """Adam's."""
    clip: float
    """The largest norm of a gradient."""
    measured: int
    """Held-out sequences of each target."""


@dataclass(frozen=True)
class Size:
    """A model of the ladder."""

    shape: Shape
    rate: float
    """Adam's constant rate, the best of a small grid or extrapolated from smaller sizes."""


@dataclass(frozen=True)
class Run:
    """One training run. Its name is what its random numbers come from."""

    size: str
    mixture: str
    seed: int

    @property
    def name(self) -> str:
        """Its name in the table."""
        return f"{self.size}-{self.mixture}-{self.seed}"

    @property
    def random(self) -> int:
        """A number of its own, of 48 bits."""
        return int.from_bytes(hashlib.sha256(self.name.encode()).digest()[:6], "big")


@dataclass(frozen=True)
class Plan:
    """Everything that a row depends on, beside the code."""

    texts: str
    """The SHA-256 of the prepared texts."""
    recipe: Recipe
    sizes: dict[str, Size]
    mixtures: dict[str, dict[str, float]]
    runs: tuple[Run, ...]
    """In the order in which they are trained."""
    registered: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of the predictions that were registered of its mixtures, by their names."""

    @property
    def sha256(self) -> str:
        """The hash of what it says, however it is laid out."""
        said = asdict(self)
        if not self.registered:
            del said["registered"]
        content = json.dumps(said, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()


def parse(content: dict[str, Any]) -> Plan:
    """Make a plan of what its file says. Sizes have "width" and "layers"; runs are names."""
    recipe = content["recipe"]
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in recipe.items()
    }
    sizes = {
        name: Size(Shape(size["width"], size["layers"], recipe["length"]), size["rate"])
        for name, size in content["sizes"].items()
    }
    for name, shares in content["mixtures"].items():
        if abs(sum(shares.values()) - 1) > 1e-9:  # noqa: PLR2004
            raise ValueError(f"mixture {name}: shares sum to {sum(shares.values())}, not to 1")
    plan = Plan(
        content["texts"],
        Recipe(**fields),
        sizes,
        content["mixtures"],
        tuple(_run(name) for name in content["runs"]),
        content.get("registered", {}),
    )
    for run in plan.runs:
        if run.size not in plan.sizes or run.mixture not in plan.mixtures:
            raise ValueError(f"run {run.name} is of a size or a mixture that the plan has not")
    return plan


def _run(name: str) -> Run:
    size, mixture, seed = name.split("-")
    return Run(size, mixture, int(seed))


def read(path: Path) -> Plan:
    """Read a plan's file."""
    return parse(json.loads(path.read_text()))


def write(path: Path, plan: Plan) -> None:
    """Write a plan's file, which `read` makes the same plan of."""
    content = {
        "texts": plan.texts,
        "recipe": asdict(plan.recipe),
        "sizes": {
            name: {"width": size.shape.width, "layers": size.shape.layers, "rate": size.rate}
            for name, size in plan.sizes.items()
        },
        "mixtures": plan.mixtures,
        "runs": [run.name for run in plan.runs],
        "registered": plan.registered,
    }
    path.write_text(json.dumps(content, indent=2) + "\n")
