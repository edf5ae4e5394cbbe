"""The commands: texts, rates, train, tiny, register. From the top of the repository.

python -m examples.train train --table runs.csv
"""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from . import corpora, plan, table
from .rates import grid
from .registering import Mixlaw, register
from .tiny import tiny
from .training import train

PLAN = Path(__file__).with_name("plan.json")
CACHE = Path(".cache/train")
RATES = "0.004,0.008,0.016"


def main() -> None:
    """Run the command that the words name."""
    parser = argparse.ArgumentParser(prog="python -m examples.train", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, what: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=what, description=what)
        added.add_argument("--cache", type=Path, default=CACHE, help="folder of the texts")
        added.add_argument("--plan", type=Path, default=PLAN, help="the plan's file")
        return added

    command("texts", "Fetch the packages and prepare the texts.")
    rates = command("rates", "Try learning rates for a size on the uniform mixture.")
    rates.add_argument("--size", required=True, help="a size of the plan")
    rates.add_argument("--rates", default=RATES, help=f"rates, comma-separated ({RATES})")
    rates.add_argument("--steps", type=int, default=512, help="steps of each (512)")
    for name, what in (
        ("train", "Train the plan's runs and append their rows; goes on where it was stopped."),
        ("tiny", "Do the same at a size that takes minutes, from the packages on."),
    ):
        added = command(name, what)
        added.add_argument("--table", type=Path, required=True, help="the CSV of rows")
        added.add_argument(
            "--part",
            type=part,
            default=(1, 1),
            help="1/2 and 2/2: half of the runs by a process each",
        )
    added = command("register", "Propose mixtures for the largest size and register predictions.")
    added.add_argument("--table", type=Path, required=True, help="the CSV of the smaller sizes")
    added.add_argument("--mixlaw", default="mixlaw", help="the command to run (mixlaw)")
    added.add_argument("--size", default="616k", help="the size of the plan to predict (616k)")
    added.add_argument("--bootstrap", type=int, default=200, help="replicates of the fit (200)")
    added.add_argument("--out", type=Path, required=True, help="folder for what is made")
    flags = parser.parse_args()

    if flags.command == "register":
        mixlaw = Mixlaw(shlex.split(flags.mixlaw), flags.out)
        smaller = plan.read(flags.plan)
        proposed = register(mixlaw, flags.table, smaller, flags.size, flags.bootstrap)
        plan.write(flags.out / "registered" / "train.json", proposed)
        return
    if flags.command == "texts" or not (flags.cache / "texts.json").exists():
        corpora.prepare(flags.cache)
    texts = corpora.load(flags.cache)
    if flags.command == "texts":
        print(f"texts: {texts.sha256}")
        return
    planned = plan.read(flags.plan)
    if planned.texts != texts.sha256:
        raise SystemExit(
            f"{flags.plan} is for other texts than those in {flags.cache}: "
            f"{planned.texts}, not {texts.sha256}; remove {flags.cache}, or make a plan for them"
        )
    if flags.command == "rates":
        tried = [float(rate) for rate in flags.rates.split(",")]
        for rate, loss in grid(planned, texts, flags.size, tried, flags.steps):
            print(f"{flags.size},{rate:g},{loss:.4f}", flush=True)
        return
    train_all(tiny(planned) if flags.command == "tiny" else planned, texts, flags.table, flags.part)


def part(words: str) -> tuple[int, int]:
    """Read "1/2": which part, of how many."""
    which, parts = map(int, words.split("/"))
    if not 1 <= which <= parts:
        raise ValueError(words)
    return which, parts


def train_all(
    planned: plan.Plan, texts: corpora.Corpora, path: Path, which: tuple[int, int]
) -> None:
    """Train the runs that a table does not have, and append each checkpoint as it is measured.

    Of several parts each takes every n-th run. They may share a table: a row is one write.
    """
    known = table.finished(path, planned)
    per_run = len(planned.recipe.checkpoints)
    for place, run in enumerate(planned.runs):
        is_mine = place % which[1] == which[0] - 1
        if not is_mine or sum(name == run.name for name, _ in known) == per_run:
            continue
        for checkpoint in train(planned, run, texts):
            if (run.name, checkpoint.tokens) not in known:
                table.append(path, table.row(planned, run, texts, checkpoint))
        print(f"{run.name}: {place + 1} of {len(planned.runs)} runs", flush=True)


if __name__ == "__main__":
    main()
