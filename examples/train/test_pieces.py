"""Tests of the pieces, by hand: python -m pytest examples/train."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from . import table
from .batches import batches, domain_order, sequences, spread
from .cleaning import Document, c_headers, manual_pages
from .corpora import TARGETS, TRAINED, Corpora
from .duplicates import WINDOW, distinct, shared, window_hashes
from .model import Shape, initial, logits
from .plan import Plan, Recipe, Run, Size, read, write
from .registering import merged, rounded, words_of
from .training import train

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

RANDOM = np.random.default_rng(1)
SHAPE = Shape(width=16, layers=1, length=32)


def text(size: int, letters: int = 256) -> NDArray[np.uint8]:
    return RANDOM.integers(0, letters, size).astype(np.uint8)


def small_plan(texts: str = "") -> Plan:
    recipe = Recipe(
        batch=4, length=32, checkpoints=(10, 20, 40), decay=0.2, warmup=4, betas=(0.9, 0.95),
        clip=1.0, measured=20,
    )  # fmt: skip
    mixtures = {"uniform": dict.fromkeys(TRAINED, 0.2)}
    return Plan(texts, recipe, {"s": Size(SHAPE, 0.01)}, mixtures, (Run("s", "uniform", 0),))


@pytest.fixture
def corpora() -> Corpora:
    return Corpora(
        {domain: text(5000, 4 + 4 * place) for place, domain in enumerate(TRAINED)},
        {domain: text(2000, 4) for domain in TARGETS},
        "",
    )


def test_hashes_of_windows_depend_on_their_bytes_alone() -> None:
    first, second = text(300).tobytes(), text(200).tobytes()
    alone, after = window_hashes(first), window_hashes(second + first)
    assert len(alone) == 300 - WINDOW + 1
    assert (alone == after[200:]).all()
    assert len(set(alone.tolist())) == len(alone)


def test_near_duplicates_are_left_out() -> None:
    first, other = text(3000).tobytes(), text(3000).tobytes()
    nearly = first[:1500] + b"changed" + first[1500:]
    seen: set[int] = set()
    kept = distinct([Document("", first), Document("", nearly), Document("", other)], seen)
    assert [each.text for each in kept] == [first, other]
    assert shared(first + other, seen) > 0.9
    assert shared(text(3000).tobytes(), seen) == 0


def test_licences_and_comments_are_cleaned_away() -> None:
    body = b"/* A list. */\nstruct list { int a; };\n" * 10
    licence = b"// SPDX-License-Identifier: GPL-2.0\n/*\n * Copyright (C) somebody\n */\n"
    (header,) = c_headers([("usr/include/a/list.h", licence + body)])
    assert header.text == body
    assert header.folder == "usr/include/a"
    page = gzip.compress(b'.\\" a licence\n.TH LS 1\n' + body)
    (manual,) = manual_pages([("usr/share/man/man3/pthread_a.3.gz", page)])
    assert manual.text == b".TH LS 1\n" + body
    assert manual.folder == "pthr"


def test_shares_hold_at_any_length() -> None:
    shares = np.array([0.6, 0.25, 0.1, 0.03, 0.02])
    order = domain_order(shares, 4000)
    for count in (100, 1000, 4000):
        taken = np.bincount(order[:count], minlength=5)
        assert np.abs(taken - shares * count).max() < 2


def test_an_epoch_has_each_sequence_once() -> None:
    rows = sequences(text(321), 32)
    assert rows.shape == (10, 33)
    drawn = list(batches([rows], np.array([1.0]), 5, 4, seed=3))
    for epoch in (drawn[:2], drawn[2:]):
        assert sorted(map(bytes, np.concatenate(epoch).astype(np.uint8))) == sorted(
            map(bytes, rows)
        )
    assert len(spread(text(1000), 32, 7)) == 7


def test_a_position_sees_none_after_it() -> None:
    parameters = initial(SHAPE, 1)
    assert len(parameters) == SHAPE.size
    one = torch.from_numpy(text(32).astype(np.int64))[None]
    two = one.clone()
    two[0, 20:] = (two[0, 20:] + 1) % 256
    first, second = logits(parameters, SHAPE, one), logits(parameters, SHAPE, two)
    assert torch.allclose(first[:, :20], second[:, :20], atol=1e-6)
    assert not torch.allclose(first[:, 20:], second[:, 20:], atol=1e-3)


def test_a_checkpoint_is_a_run_of_its_own(corpora: Corpora) -> None:
    plan = small_plan()
    run = plan.runs[0]
    all_of_them = list(train(plan, run, corpora))
    assert all_of_them[-1].losses["c"] < all_of_them[0].losses["c"]
    for checkpoint in all_of_them:
        recipe = replace(plan.recipe, checkpoints=(checkpoint.steps,))
        (alone,) = train(replace(plan, recipe=recipe), run, corpora)
        assert alone.losses == checkpoint.losses
        assert alone.tokens == checkpoint.steps * 4 * 32
    (other,) = train(replace(plan, recipe=recipe), Run("s", "uniform", 1), corpora)
    assert other.losses != all_of_them[-1].losses


def test_a_table_goes_on(corpora: Corpora, tmp_path: Path) -> None:
    plan, path = small_plan(), tmp_path / "runs.csv"
    run = plan.runs[0]
    assert table.finished(path, plan) == set()
    for checkpoint in train(plan, run, corpora):
        table.append(path, table.row(plan, run, corpora, checkpoint))
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    assert table.finished(path, plan) == {(run.name, 1280), (run.name, 2560)}
    assert whole.startswith(path.read_bytes())
    with pytest.raises(ValueError, match="another plan"):
        table.finished(path, small_plan(texts="others"))


def test_a_plan_is_written_and_read(tmp_path: Path) -> None:
    plan = small_plan()
    registered = replace(plan, registered={"code": "abc"})
    for each in (plan, registered):
        write(tmp_path / "plan.json", each)
        assert read(tmp_path / "plan.json") == each
    assert registered.sha256 != plan.sha256


def test_shares_are_thousandths_and_sum_to_one() -> None:
    mixture = rounded(dict(zip(TRAINED, RANDOM.dirichlet(np.ones(5)), strict=True)))
    assert sum(round(share * 1000) for share in mixture.values()) == 1000
    assert rounded(mixture) == mixture


def test_proposals_that_are_nearly_the_same_are_one() -> None:
    first = dict(zip(TRAINED, (0.5, 0.2, 0.1, 0.1, 0.1), strict=True))
    near = {**first, "c": 0.495, "py": 0.205}
    far = {**first, "c": 0.485, "py": 0.215}
    kept = merged({"a_mixlaw": first, "a_beyond": near, "a_linear": far})
    assert kept == {"a_mixlaw+a_beyond": first, "a_linear": far}
    assert words_of({"loss_py": 0.5, "loss_*": 1.0}) == "loss_py=0.5,loss_*=1"
