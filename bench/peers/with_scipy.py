"""SciPy on all cores: random-restart L-BFGS-B, basin hopping as in the paper, warm-started bootstrap. Analytic gradients, objectives scaled to 1."""

import itertools
import multiprocessing
import sys
import time

import numpy as np
from scipy.optimize import basinhopping, minimize

# Tried 5, 10, 20, 40 corrections: 20 needs the fewest evaluations on these laws. ftol is relative, because objectives are scaled to about 1.
OPTIONS = {"maxcor": 20, "ftol": 1e-9, "gtol": 1e-9, "maxiter": 10_000, "maxfun": 20_000}
QUALITY = 1e-4

targets = []
flag = None


def prepare(shared, found):
    global targets, flag
    targets, flag = shared, found


class Reached(Exception):
    pass


def scaled(target, share=None):
    unit = target.reference

    def function(theta):
        value, gradient = target.value_and_gradient(theta, share)
        return value / unit, gradient / unit

    return function


def goal_reached(index, deadline):
    return flag[index] or time.time() > deadline


def restart(job):
    """One L-BFGS-B run from a random start; ends early at the reference, or when another process is there."""
    index, seed, deadline = job
    if goal_reached(index, deadline):
        return None
    target = targets[index]
    best = [np.inf]

    def watch(intermediate_result):
        best[0] = min(best[0], intermediate_result.fun)
        if best[0] <= 1 + QUALITY or goal_reached(index, deadline):
            raise StopIteration

    start = target.random(np.random.default_rng([index, seed]))
    minimize(scaled(target), start, jac=True, method="L-BFGS-B", bounds=list(zip(target.lower, target.upper)), options=OPTIONS, callback=watch)
    if best[0] <= 1 + QUALITY:
        flag[index] = 1
    return best[0]


def hop(job):
    """Basin hopping from a random start until the reference, or until another process is there."""
    index, seed, deadline = job
    if goal_reached(index, deadline):
        return None
    target = targets[index]
    rng = np.random.default_rng([1000 + index, seed])
    width = target.start[:, 1] - target.start[:, 0]
    best = [np.inf]

    def step(theta):
        spread = rng.choice([0.03, 0.1, 0.3])
        return np.clip(theta + spread * width * rng.standard_normal(len(theta)), target.lower, target.upper)

    def inner(intermediate_result):
        best[0] = min(best[0], intermediate_result.fun)
        if best[0] <= 1 + QUALITY or goal_reached(index, deadline):
            raise StopIteration

    def outer(x, value, accepted):
        best[0] = min(best[0], value)
        return bool(best[0] <= 1 + QUALITY or goal_reached(index, deadline))

    local = {"method": "L-BFGS-B", "jac": True, "bounds": list(zip(target.lower, target.upper)), "options": OPTIONS, "callback": inner}
    basinhopping(scaled(target), target.random(rng), niter=40, T=1e-3, take_step=step, minimizer_kwargs=local, callback=outer, rng=rng)
    if best[0] <= 1 + QUALITY:
        flag[index] = 1
    return best[0]


def until_reached(pool, shared, work, index, seeds, limit):
    """Runs on all cores from one seed after the other: seconds to the reference (infinite at the limit), the best value, how many runs."""
    cores = multiprocessing.cpu_count()
    began = time.time()
    deadline = began + limit
    shared[index] = 0
    best, tried = np.inf, 0
    while not shared[index] and time.time() < deadline:
        batch = [(index, next(seeds), deadline) for _ in range(cores)]
        ends = [value for value in pool.map(work, batch, chunksize=1) if value is not None]
        tried += len(ends)
        best = min([best, *ends])
    return (time.time() - began if shared[index] else np.inf), best, tried


def to_reference(task, all_targets, work, peer, what):
    """Targets one after the other, each on all cores: time to the reference of every one.

    A search from random starts may have luck or none, so that it is made several times where the task says so (`rounds`), from other random
    numbers each. The seconds are the sum of the targets' medians; a median that is not reached counts as the limit, and the sum is a bound then.
    """
    cores = multiprocessing.cpu_count()
    shared = multiprocessing.Array("b", len(all_targets), lock=False)
    limit = task["seconds"] / len(all_targets)
    rounds = task["rounds"]
    seconds, tried, missed, told = 0.0, 0, [], []
    with multiprocessing.Pool(cores, prepare, (all_targets, shared)) as pool:
        for index, target in enumerate(all_targets):
            ends = [until_reached(pool, shared, work, index, itertools.count(100_000 * turn), limit) for turn in range(rounds)]
            name = target.name.removeprefix("loss_")
            took = [end[0] for end in ends]
            median = np.median(took)
            seconds += min(median, limit)
            tried += sum(end[2] for end in ends)
            told.append(f"{name} {', '.join('–' if np.isinf(one) else f'{one:.0f}' for one in took)}")
            if np.isinf(median):
                missed.append(f"{name} {100 * (np.median([end[1] for end in ends]) - 1):.2g} %")
            print(f"{peer}: {told[-1]} s", file=sys.stderr, flush=True)
    note = f"{what}, {tried} runs on {cores} cores"
    if rounds > 1:
        note += f"; medians of {rounds} rounds, seconds of each: {'; '.join(told)}"
    if missed:
        note += f"; not reached within {limit:.0f} s a target: {', '.join(missed)} above"
    return {"peer": peer, "seconds": seconds, "bound": bool(missed), "note": note}


def grid(job):
    index, seed = job
    target = targets[index]
    start = target.random(np.random.default_rng([2000 + index, seed]))
    return minimize(scaled(target), start, jac=True, method="L-BFGS-B", bounds=list(zip(target.lower, target.upper)), options=OPTIONS).fun


def all_starts(task, all_targets, count, sample):
    """A fixed number of starts, as in Hoffmann's grid: a sample of them, scaled."""
    cores = multiprocessing.cpu_count()
    shared = multiprocessing.Array("b", len(all_targets), lock=False)
    with multiprocessing.Pool(cores, prepare, (all_targets, shared)) as pool:
        began = time.time()
        ends = pool.map(grid, [(0, seed) for seed in range(sample)], chunksize=4)
        seconds = (time.time() - began) * count / sample
    reached = np.mean(np.array(ends) <= 1 + QUALITY)
    note = f"all {count} starts by L-BFGS-B on {cores} cores: {sample} measured, scaled; {100 * reached:.0f} % of them reach the reference"
    return {"peer": "SciPy L-BFGS-B", "seconds": seconds, "bound": False, "note": note}


def replicate(job):
    index, seed, tight = job
    target = targets[index]
    groups = len(target.h) if target.h.shape[1] else len(target.observed)
    rng = np.random.default_rng([3000 + index, seed])
    counts = np.bincount(rng.integers(0, groups, groups), minlength=groups)
    share = counts[target.group] if target.h.shape[1] else counts
    share = share / share.sum()
    bounds = list(zip(target.lower, target.upper))
    options = {**OPTIONS, "ftol": 1e-13, "maxiter": 50_000, "maxfun": 100_000} if tight else OPTIONS
    return minimize(scaled(target, share), target.best, jac=True, method="L-BFGS-B", bounds=bounds, options=options).fun


def bootstrap(task, all_targets, replicates, sample):
    """Block-bootstrap replicates by mixture, each warm-started from the best fit: a sample of them, scaled; and how far from their optimum they stop."""
    cores = multiprocessing.cpu_count()
    shared = multiprocessing.Array("b", len(all_targets), lock=False)
    jobs = [(index, seed) for seed in range(sample) for index in range(len(all_targets))]
    with multiprocessing.Pool(cores, prepare, (all_targets, shared)) as pool:
        began = time.time()
        ends = np.array(pool.map(replicate, [(*job, False) for job in jobs], chunksize=1))
        seconds = (time.time() - began) * replicates / sample
        few = jobs[: min(len(jobs), 16)]
        tight = np.array(pool.map(replicate, [(*job, True) for job in few], chunksize=1))
    excess = 100 * np.median(ends[: len(few)] / tight - 1)
    note = f"warm-started L-BFGS-B on {cores} cores: {sample} replicates a target measured, scaled to {replicates}; the median ends {excess:.2g} % above a longer run"
    return {"peer": "SciPy L-BFGS-B", "seconds": seconds, "bound": False, "note": note}
