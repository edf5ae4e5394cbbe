"""Runs the peers of one case; prints a JSON line for each. See bench/peers/run-peers.ts."""

import json
import os
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")  # processes share the cores out, not BLAS
began = time.time()
sys.path.insert(0, os.path.dirname(__file__))


def say(task, result):
    print(json.dumps({"case": task["case"], "startup": 0.0, **result}), flush=True)


def run():
    import task as tasks

    task, targets = tasks.load(sys.argv[1])
    if task["kind"] == "montecarlo":
        import with_numpy

        say(task, with_numpy.monte_carlo(task))
        return
    import with_scipy

    startup = time.time() - began
    usual = task["seconds"]
    for peer in task["peers"]:
        task["seconds"] = usual * task["patience"].get(peer, 1)
        if peer == "scipy-starts":
            result = with_scipy.all_starts(task, targets, task["restarts"] or 512, 8 if task["tiny"] else 400)
        elif peer == "scipy-lbfgs":
            result = with_scipy.to_reference(task, targets, with_scipy.restart, "SciPy L-BFGS-B", "random restarts")
        elif peer == "scipy-hop":
            result = with_scipy.to_reference(task, targets, with_scipy.hop, "SciPy basin hopping", "basin hopping over L-BFGS-B")
        elif peer == "scipy-bootstrap":
            result = with_scipy.bootstrap(task, targets, task["bootstrap"], 1 if task["tiny"] else 8)
        else:
            import with_jax

            if peer == "jax-bootstrap":
                result = with_jax.bootstrap(task, targets, task["bootstrap"], 4 if task["tiny"] else 32)
            else:
                result = with_jax.to_reference(task, targets, peer.removeprefix("jax-"), 8 if task["tiny"] else 16 if peer == "jax-lbfgs" else 64)
        say(task, {"startup": startup, **result})


if __name__ == "__main__":
    run()
