"""What is said of the largest size before it is trained: proposals, and what laws predict of them.

Of the table of the smaller sizes, by mixlaw's command:

1. Laws of N, D and mixture are fitted to all rows, and laws of the mixture alone to the largest of
   the smaller sizes at the end of training, as RegMix and olmix do.
2. For each goal every way proposes a mixture (`propose`). Proposals that are nearly the same are one.
3. Plans are registered (`mixlaw optimize --register`): what every law predicts of all proposals,
   of uniform and of natural, for each goal and for all targets together.
4. A plan to train is written that has the proposals, and the hashes of what was registered.
"""

from __future__ import annotations

import csv
import json
import subprocess
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .corpora import TRAINED
from .plan import Run

if TYPE_CHECKING:
    from pathlib import Path

    from .plan import Plan

GOALS = {
    "linuxdoc": {"loss_linuxdoc": 1.0},
    "anarchism": {"loss_anarchism": 1.0},
    "code": {"loss_py": 0.5, "loss_c": 0.3, "loss_man": 0.2},
}
"""Two targets that are never trained on, and a mean of unequal weights."""

LAWS = "additive,joint,additive-epochs,joint-epochs"
"""Of N, D and the mixture; those with epochs know of repetition."""

GROUPED = ("--group", "mixture_id")
"""Runs of one mixture share what the laws miss of it."""

SAME = 0.01
"""Proposals that differ in less than this part of the data are one."""

SAMPLES, BEST = 1_000_000, 100
"""RegMix's way: the mean of the best of so many random mixtures."""

SEEDS = (0, 1)
GRID = 1000
"""Shares are multiples of one thousandth."""

Mixture = dict[str, float]
Words = tuple[object, ...]


@dataclass(frozen=True)
class Mixlaw:
    """mixlaw's command, with what all its calls have in common."""

    command: list[str]
    """Its words, such as node and a path."""
    out: Path
    """The folder for what is made."""

    def run(self, *words: object) -> None:
        """Run it and let it print. Exit code 2 says doubts, which are printed too, and goes on."""
        line = [*self.command, *map(str, words), "--backend", "cpu"]
        print("$", *line, flush=True)
        done = subprocess.run(line, check=False)
        if done.returncode not in (0, 2):
            raise SystemExit(f"{line[0]} ended with {done.returncode}")

    def optimum(self, name: str, *words: object) -> dict[str, Any]:
        """Give an optimum, whose file is kept."""
        path = self.out / f"{name}.json"
        self.run("optimize", *words, "--lattice", f"1/{GRID}", "--out", path)
        found: dict[str, Any] = json.loads(path.read_text())
        return found


def register(mixlaw: Mixlaw, table: Path, planned: Plan, size: str, bootstrap: int) -> Plan:
    """Do all four steps for a size that the table has not, and give the plan to train it."""
    registered = mixlaw.out / "registered"
    registered.mkdir(parents=True, exist_ok=True)
    tokens = max(planned.recipe.checkpoints) * planned.recipe.batch * planned.recipe.length
    at = ("--units", "absolute", "--params", planned.sizes[size].shape.size, "--tokens", tokens)
    fits, one_size = mixlaw.out / "fit.json", mixlaw.out / "one-size.json"
    read = ("fit", table, "--units", "absolute")
    mixlaw.run(*read, "--law", LAWS, *GROUPED, "--bootstrap", bootstrap, "--out", fits)
    where = f"n_params == {largest_of(table)} and n_tokens == {tokens}"
    mixlaw.run(*read, "--law", "log-linear,linear", "--where", where, "--out", one_size)
    proposed, promises = propose(mixlaw, fits, one_size, at, inside(planned))
    write_promises(registered / "promises.csv", promises)
    proposals = merged(proposed)
    trained = {name: planned.mixtures[name] for name in ("uniform", "natural")}
    candidates = registered / "proposals.csv"
    write_candidates(candidates, {**proposals, **trained})
    hashes = {}
    for goal, objective in {**GOALS, "all": {"loss_*": 1.0}}.items():
        path = registered / f"{goal}.json"
        goal_words = ("--objective", words_of(objective), "--candidates", candidates)
        mixlaw.run("optimize", fits, *at, *goal_words, "--register", path)
        hashes[goal] = json.loads(path.read_text())["sha256"]
    runs = [Run(size, name, seed) for seed in SEEDS for name in (*proposals, "uniform")]
    runs.append(Run(size, "natural", SEEDS[0]))
    mixtures = {**planned.mixtures, **proposals}
    return replace(planned, mixtures=mixtures, runs=tuple(runs), registered=hashes)


def propose(
    mixlaw: Mixlaw, fits: Path, one_size: Path, at: Words, trained: Words
) -> tuple[dict[str, Mixture], dict[str, dict[str, Any]]]:
    """Give every way's mixture for every goal, and the optima of the size that is asked about."""
    proposed: dict[str, Mixture] = {}
    promises: dict[str, dict[str, Any]] = {}
    for goal, weights in GOALS.items():
        objective = ("--objective", words_of(weights))
        ways = {
            "mixlaw": (fits, *at, *objective, *trained),
            "beyond": (fits, *at, *objective, "--beyond"),
            "loglinear": (one_size, "--law", "log-linear", *objective, *trained),
        }
        for way, words in ways.items():
            optimum = mixlaw.optimum(f"{goal}-{way}", *words)
            proposed[f"{goal}_{way}"] = optimum["weights"]
            if words[0] is fits:
                promises[f"{goal}_{way}"] = optimum
        proposed[f"{goal}_linear"] = best_of_random(one_size, weights)
    return proposed, promises


def inside(planned: Plan) -> Words:
    """Give the flags that keep each share to at most the largest one trained."""
    largest = {
        domain: max(mixture[domain] for mixture in planned.mixtures.values()) for domain in TRAINED
    }
    return ("--cap", words_of(largest))


def words_of(numbers: dict[str, float]) -> str:
    """Give weights or shares as mixlaw reads them: loss_py=0.5,loss_c=0.3."""
    return ",".join(f"{name}={number:g}" for name, number in numbers.items())


def largest_of(table: Path) -> int:
    """Give the most parameters of a table's rows."""
    with table.open() as file:
        return max(int(row["n_params"]) for row in csv.DictReader(file))


def best_of_random(fits: Path, weights: dict[str, float]) -> Mixture:
    """Give RegMix's proposal: the mean of the random mixtures with the least predicted loss.

    They are drawn from the simplex evenly, and the law is `linear`, of one size.
    """
    content: dict[str, Any] = json.loads(fits.read_text())
    slopes = {
        fit["target"]: [fit["parameters"]["w"][domain] for domain in TRAINED]
        for fit in content["fits"]
        if fit["law"] == "linear"
    }
    slope = sum(part * np.array(slopes[target]) for target, part in weights.items())
    drawn = np.random.default_rng(1).dirichlet(np.ones(len(TRAINED)), SAMPLES)
    best = drawn[np.argsort(drawn @ slope, kind="stable")[:BEST]]
    return rounded(dict(zip(TRAINED, best.mean(axis=0), strict=True)))


def rounded(mixture: Mixture) -> Mixture:
    """Round shares to thousandths that sum to 1: largest remainders go up."""
    scaled = {domain: share * GRID for domain, share in mixture.items()}
    whole = {domain: int(share) for domain, share in scaled.items()}
    short = GRID - sum(whole.values())
    for domain in sorted(scaled, key=lambda each: whole[each] - scaled[each])[:short]:
        whole[domain] += 1
    return {domain: units / GRID for domain, units in whole.items()}


def merged(proposed: dict[str, Mixture]) -> dict[str, Mixture]:
    """Leave out those that are nearly another's, and say so in the other's name."""
    kept: list[tuple[list[str], Mixture]] = []
    for name, mixture in proposed.items():
        for names, other in kept:
            if sum(abs(mixture[domain] - other[domain]) for domain in TRAINED) / 2 < SAME:
                names.append(name)
                break
        else:
            kept.append(([name], mixture))
    return {"+".join(names): mixture for names, mixture in kept}


def write_promises(path: Path, optima: dict[str, dict[str, Any]]) -> None:
    """Write what optima promise: the goal there and at uniform, and how much of it is optimism."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["proposal", "law", "objective", "uniform", "optimism"])
        for name, optimum in optima.items():
            laws = "+".join(sorted(set(optimum["laws"].values())))
            values = optimum["objective"], optimum["uniform"]["objective"]
            optimism = optimum["interval"]["optimism"]
            writer.writerow([name, laws, *(f"{value:.6f}" for value in (*values, optimism))])


def write_candidates(path: Path, mixtures: dict[str, Mixture]) -> None:
    """Write a table of mixtures as `--candidates` reads it."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", *(f"h_{domain}" for domain in TRAINED)])
        for name, mixture in mixtures.items():
            writer.writerow([name, *(f"{mixture[domain]:g}" for domain in TRAINED)])
