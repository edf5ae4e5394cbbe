"""JAX in float64, on the CPU or on the GPU that it finds, jitted and vmapped over starts: L-BFGS and Levenberg–Marquardt."""

import functools
import time

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import jaxopt
import numpy as np

QUALITY = 1e-4


def data_of(target, share=None):
    share = target.share if share is None else share
    return {
        "observed": target.observed, "lnN": target.ln_n, "lnD": target.ln_d, "h": target.h, "group": target.group,
        "inside": target.inside, "lnh": target.ln_h, "share": share,
    }  # fmt: skip


def model(target):
    """θ, data → Huber residuals: half their squares sum to the objective. θ comes from unbounded x: x² where a bound is 0, x elsewhere."""
    at, log, delta = target.at, target.log, target.delta
    squared = jnp.array(target.lower == 0)

    def theta_of(x):
        return jnp.where(squared, x * x, x)

    def mean_of(u, s, h):
        m = h @ u
        d = u - m[:, None]
        small = jnp.abs(s) < 1e-5
        safe = jnp.where(small, 1.0, s)
        exact = m + jnp.log((h * jnp.exp(safe * d)).sum(axis=1)) / safe
        return jnp.where(small, m + 0.5 * s * (h * d * d).sum(axis=1), exact)

    def residuals(x, data):
        theta = theta_of(x)
        predicted = theta[at["E"]]
        if "lnC" in at:
            terms = data["inside"] * jnp.exp(theta[at["lnC"]] + theta[at["gamma"]] * data["lnh"])
            predicted = predicted + (1 / terms.sum(axis=1))[data["group"]]
        for ln, exponent, u, s, of in (("lnA", "alpha", "uA", "sA", "lnN"), ("lnB", "beta", "uB", "sB", "lnD")):
            if exponent in at:
                scale = mean_of(theta[at[u]], theta[at[s]], data["h"])[data["group"]] if u in at else theta[at[ln]]
                predicted = predicted + jnp.exp(jnp.minimum(scale - theta[at[exponent]] * data[of], 80.0))
        r = jnp.log(predicted) - jnp.log(data["observed"]) if log else predicted - data["observed"]
        size = jnp.abs(r)
        # The root of twice the Huber loss, with the residual's sign: a least-squares problem with the same objective.
        inside = size <= delta
        outside = jnp.sqrt(2 * delta * jnp.maximum(jnp.where(inside, delta, size) - 0.5 * delta, 1e-300))
        return jnp.sqrt(data["share"] / target.reference) * jnp.where(inside, r, jnp.sign(r) * outside)

    def to_x(theta):
        return np.where(np.array(target.lower == 0), np.sqrt(np.maximum(theta, 1e-8)), theta)

    return residuals, to_x


def solver(target, method, iterations):
    """(x batch, data) → (x batch, scaled objectives), compiled once for all targets of a law."""
    residuals, to_x = model(target)
    objective = lambda x, data: 0.5 * jnp.sum(residuals(x, data) ** 2)
    if method == "lm":
        inner = jaxopt.LevenbergMarquardt(residuals, maxiter=iterations, tol=1e-9, xtol=1e-12, gtol=1e-9, solver="cholesky", implicit_diff=False)
        one = lambda x, data: inner.run(x, data).params
    else:
        inner = jaxopt.LBFGS(objective, maxiter=iterations, history_size=20, tol=1e-7, implicit_diff=False)
        one = lambda x, data: inner.run(x, data=data).params

    def whole(x, data):
        end = one(x, data)
        value = objective(end, data)
        return end, jnp.where(jnp.isfinite(value), value, jnp.inf)

    return jax.jit(jax.vmap(whole, in_axes=(0, None))), to_x, whole


WHERE = "" if jax.devices()[0].platform == "cpu" else f"; on {jax.devices()[0].device_kind}"
NAMES = {"lm": "JAX Levenberg–Marquardt", "lbfgs": "JAX L-BFGS"}
ITERATIONS = {"lm": 150, "lbfgs": 500}


def to_reference(task, targets, method, batch):
    """Batches of random starts, target after target, until the reference of every one or until the time is up."""
    began = time.time()
    run, to_x, _ = solver(targets[0], method, ITERATIONS[method])
    rng = np.random.default_rng(1)
    draw = lambda target: np.stack([to_x(target.random(rng)) for _ in range(batch)])
    # The reference scales the residuals of the compiled function: those of other targets are rescaled by their shares.
    unit = targets[0].reference
    shares = [target.share * unit / target.reference for target in targets]
    jax.block_until_ready(run.lower(draw(targets[0]), data_of(targets[0], shares[0])).compile())
    startup = time.time() - began
    each = task["seconds"] / len(targets)
    began = time.time()
    tried, missed = 0, []
    for target, share in zip(targets, shares):
        deadline, best = time.time() + each, np.inf
        while best > 1 + QUALITY and time.time() < deadline:
            _, values = run(draw(target), data_of(target, share))
            best = min(best, float(np.min(values)))
            tried += batch
        if best > 1 + QUALITY:
            missed.append(f"{target.name.removeprefix('loss_')} {100 * (best - 1):.2g} %")
    note = f"{tried} starts in batches of {batch}, at most {ITERATIONS[method]} iterations; compiling {startup:.1f} s not counted{WHERE}"
    if missed:
        note += f"; not reached within {each:.0f} s a target: {', '.join(missed)} above"
    return {"peer": NAMES[method], "seconds": time.time() - began, "bound": bool(missed), "startup": startup, "note": note}


def bootstrap(task, targets, replicates, sample, method="lm"):
    """Warm-started block replicates, vmapped over replicates: a sample of them, scaled."""
    target = targets[0]
    began = time.time()
    residuals, to_x = model(target)
    _, _, whole = solver(target, method, ITERATIONS[method])
    unit = target.reference
    run = jax.jit(jax.vmap(lambda share, x, data: whole(x, {**data, "share": share}), in_axes=(0, None, None)))

    def shares_of(index):
        t = targets[index]
        groups = len(t.h)
        rng = np.random.default_rng([3000 + index])
        counts = rng.multinomial(groups, np.full(groups, 1 / groups), size=sample)[:, t.group]
        return counts / counts.sum(axis=1, keepdims=True) * unit / t.reference

    # Rows of targets with missing cells differ in number: one compilation a length, none counted.
    for t in {len(t.observed): t for t in targets}.values():
        run.lower(shares_of(targets.index(t)), to_x(t.best), data_of(t)).compile()
    startup = time.time() - began
    began = time.time()
    for index, t in enumerate(targets):
        jax.block_until_ready(run(shares_of(index), to_x(t.best), data_of(t)))
    seconds = (time.time() - began) * replicates / sample
    note = f"warm-started, vmapped over {sample} replicates a target, scaled to {replicates}; compiling {startup:.1f} s not counted{WHERE}"
    return {"peer": NAMES[method], "seconds": seconds, "bound": False, "startup": startup, "note": note}
