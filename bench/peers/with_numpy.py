"""Monte Carlo over mixtures in NumPy on all cores: Dirichlet samples, every target's law, the best one."""

import multiprocessing
import time

import numpy as np


def block(job):
    seed, samples, k, targets, law = job
    rng = np.random.default_rng(seed)
    laws = np.random.default_rng(0)
    h = rng.dirichlet(np.ones(k), samples)
    ln_h = np.log(np.maximum(h, 1e-300))
    mean = np.zeros(samples)
    for _ in range(targets):
        ln_c, gamma = laws.uniform(-2, 1, k), laws.uniform(0.3, 1.2, k)
        mean += 2 + 1 / np.exp(ln_c + gamma * ln_h).sum(axis=1)
        if law == "joint":
            for _ in range(2):
                u, s = laws.uniform(-2, 0, k), laws.uniform(0.2, 2)
                mean += np.exp(np.log(h @ np.exp(s * u)) / s - 1)
    best = int(np.argmin(mean))
    return mean[best], h[best], np.histogram(mean, 128)[0]


def monte_carlo(task):
    cores = multiprocessing.cpu_count()
    size = 1000 if task["tiny"] else 10_000
    blocks = 2 if task["tiny"] else max(cores, int(task["samples"] / 50 / size))
    with multiprocessing.Pool(cores) as pool:
        job = lambda seed: (seed, size, task["domains"], task["targets"], task["law"])
        pool.map(block, [job(10_000 + i) for i in range(cores)])
        began = time.time()
        pool.map(block, [job(i) for i in range(blocks)], chunksize=1)
        seconds = (time.time() - began) * task["samples"] / (size * blocks)
    note = f"Dirichlet samples in blocks of {size} on {cores} cores: {size * blocks} measured, scaled"
    return {"peer": "NumPy", "seconds": seconds, "bound": False, "note": note}
