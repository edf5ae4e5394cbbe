"""Runs some peers on one case; prints a JSON line for each. See bench/peers/run-peers.ts."""

import json
import os
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")  # processes share the cores out, not BLAS
began = time.time()
sys.path.insert(0, os.path.dirname(__file__))


def say(task, peer, result):
    print(json.dumps({"case": task["case"], "name": peer, "startup": 0.0, **result}), flush=True)


def run():
    with open(sys.argv[1]) as file:
        task = json.load(file)
    for peer in task["peers"]:
        say(task, peer, result_of(task, peer))


def result_of(task, peer):
    if task["kind"] == "montecarlo":
        import with_numpy

        return with_numpy.monte_carlo(task)
    task = {**task, "seconds": task["seconds"] * task["patience"].get(peer, 1)}
    return small_formula(task, peer) if "model" in task else known_law(task, peer)


def small_formula(task, peer):
    """A small formula at many targets: to an answer, and from as many starts as mixlaw followed."""
    import with_formula

    starts = task["followed"] if peer.endswith("-certain") else 1
    if peer == "gpufit":
        return with_formula.gpufit(task)
    if peer.startswith("jax"):
        return with_imports(with_formula.jax_fits(task, starts))
    import scipy.optimize  # noqa: F401

    startup = time.time() - began
    return {**with_formula.curve_fits(task, starts, 1 if task["tiny"] else os.cpu_count()), "startup": startup}


def with_imports(result):
    """Adds what was spent before the peer's own clocks ran."""
    return {**result, "startup": max(result.get("startup", 0), time.time() - began - result["seconds"])}


def known_law(task, peer):
    import task as tasks
    import with_scipy

    targets = tasks.targets_of(task)
    startup = time.time() - began
    tiny = task["tiny"]
    if peer == "scipy-starts":
        result = with_scipy.all_starts(task, targets, task["restarts"] or 512, 8 if tiny else 400)
    elif peer == "scipy-certain":
        result = with_scipy.all_starts(task, targets, task["followed"], 8 if tiny else min(400, task["followed"]))
    elif peer == "scipy-lbfgs":
        result = with_scipy.to_reference(task, targets, with_scipy.restart, "SciPy L-BFGS-B", "random restarts")
    elif peer == "scipy-hop":
        result = with_scipy.to_reference(task, targets, with_scipy.hop, "SciPy basin hopping", "basin hopping over L-BFGS-B")
    elif peer == "scipy-bootstrap":
        result = with_scipy.bootstrap(task, targets, task["bootstrap"], 1 if tiny else 8)
    else:
        import with_jax

        startup = time.time() - began
        if peer == "jax-bootstrap":
            result = with_jax.bootstrap(task, targets, task["bootstrap"], 4 if tiny else 32)
        else:
            batch = 8 if tiny else 16 if peer == "jax-lbfgs" else 64
            result = with_jax.to_reference(task, targets, peer.removeprefix("jax-"), batch)
    return {**result, "startup": startup + result.get("startup", 0)}


if __name__ == "__main__":
    run()
