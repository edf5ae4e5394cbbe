"""The table of finished checkpoints: a CSV to which a row is appended as soon as it is there."""

from __future__ import annotations

import csv
import fcntl
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from .batches import sequences
from .corpora import TARGETS, TRAINED

if TYPE_CHECKING:
    from .corpora import Corpora
    from .plan import Plan, Run
    from .training import Checkpoint

COMPUTING = ("packages", "cleaning", "duplicates", "corpora", "batches", "model", "training")
"""The modules that a row's numbers come from."""
SHOWN = 12
"""Digits of a hash in the table."""

COLUMNS = (
    "run_id",
    "mixture_id",
    "seed",
    "n_params",
    "n_tokens",
    *(f"h_{domain}" for domain in TRAINED),
    *(f"u_{domain}" for domain in TRAINED),
    *(f"loss_{target}" for target in TARGETS),
    "seconds",
    "code",
    "plan",
)


def code_hash() -> str:
    """Hash the modules that a row's numbers come from."""
    digest = hashlib.sha256()
    for name in COMPUTING:
        digest.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return digest.hexdigest()


def row(plan: Plan, run: Run, corpora: Corpora, checkpoint: Checkpoint) -> dict[str, str]:
    """Make a checkpoint's row; `u_…` are the bytes that there are of a domain."""
    shares = plan.mixtures[run.mixture]
    length = plan.recipe.length
    return {
        "run_id": run.name,
        "mixture_id": run.mixture,
        "seed": str(run.seed),
        "n_params": str(plan.sizes[run.size].shape.size),
        "n_tokens": str(checkpoint.tokens),
        **{f"h_{domain}": f"{shares[domain]:g}" for domain in TRAINED},
        **{
            f"u_{domain}": str(len(sequences(text, length)) * length)
            for domain, text in corpora.training.items()
        },
        **{f"loss_{target}": f"{checkpoint.losses[target]:.5f}" for target in TARGETS},
        "seconds": f"{checkpoint.seconds:.1f}",
        "code": code_hash()[:SHOWN],
        "plan": plan.sha256[:SHOWN],
    }


def finished(path: Path, plan: Plan) -> set[tuple[str, int]]:
    """Give the runs and tokens of the rows that a table has.

    Half a row at the end, of a job that was killed, is cut off.

    Raises:
        ValueError: Rows are of other columns, of another plan, or of other code.

    """
    if not path.exists():
        return set()
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # another part of the job may be at work on it
        content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        file.truncate(len(whole))
    if not whole:
        return set()
    reader = csv.DictReader(whole.decode().splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValueError(f"{path} has other columns: begin another table")
    rows = list(reader)
    for name, now in (("plan", plan.sha256), ("code", code_hash())):
        if any(each[name] != now[:SHOWN] for each in rows):
            raise ValueError(f"{path} has rows of another {name}: begin another table")
    return {(each["run_id"], int(each["n_tokens"])) for each in rows}


def append(path: Path, values: dict[str, str]) -> None:
    """Append a row, and with the first one the head, so that it is on the disk."""
    with path.open("a", newline="") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # another part of the job may append too
        file.seek(0, os.SEEK_END)
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if file.tell() == 0:
            writer.writeheader()
        writer.writerow(values)
        file.flush()
        os.fsync(file.fileno())
