"""A small formula at many targets: what scipy.optimize.curve_fit and Gpufit are used for. Least squares, analytic derivatives."""

import multiprocessing
import time

import numpy as np

QUALITY = 1e-4


def decay(x, a, b, c):
    return a * np.exp(-b * x) + c


def decay_slopes(x, a, b, c):
    e = np.exp(-b * x)
    return np.stack([e, -a * x * e, np.ones_like(x)], axis=1)


def decay_guess(x, y):
    """From the ends of the data, as one would by eye."""
    return [y[0] - y[-1], 3 / np.ptp(x), y[-1]]


def peak(x, a, m, s, c):
    return a * np.exp(-((x - m) ** 2) / (2 * s * s)) + c


def peak_slopes(x, a, m, s, c):
    e = np.exp(-((x - m) ** 2) / (2 * s * s))
    return np.stack([e, a * e * (x - m) / s**2, a * e * (x - m) ** 2 / s**3, np.ones_like(x)], axis=1)


def peak_guess(x, y):
    return [np.max(y) - np.min(y), x[np.argmax(y)], np.ptp(x) / 10, np.min(y)]


MODELS = {"decay": (decay, decay_slopes, decay_guess), "peak": (peak, peak_slopes, peak_guess)}


def load(task):
    """x, a row of y a target, and the objectives to reach: means of half the squares."""
    x = np.array(task["inputs"]["x"], dtype=float)
    ys = np.array([target["losses"] for target in task["targets"]], dtype=float)
    references = np.array([target["reference"] for target in task["targets"]], dtype=float)
    return x, ys, references


def objective(model, x, y, theta):
    return 0.5 * np.mean((model(x, *theta) - y) ** 2)


def curve(job):
    """The best of some starts of one target: the usual guess, and factors of about 3 beside it."""
    import warnings

    from scipy.optimize import curve_fit

    warnings.simplefilter("ignore")
    name, index, x, y, starts, deadline = job
    model, slopes, guess = MODELS[name]
    rng = np.random.default_rng([1, index])
    first = np.array(guess(x, y))
    best = np.inf
    for n in range(starts):
        if time.time() > deadline:
            return None
        start = first if n == 0 else first * np.exp(rng.standard_normal(len(first)))
        try:
            theta, _ = curve_fit(model, x, y, p0=start, jac=slopes, maxfev=2000)
            best = min(best, objective(model, x, y, theta))
        except RuntimeError:
            pass
    return best


def curve_fits(task, starts, cores):
    x, ys, references = load(task)
    began = time.time()
    deadline = began + task["seconds"]
    jobs = [(task["model"], i, x, y, starts, deadline) for i, y in enumerate(ys)]
    if cores == 1:
        ends = [curve(job) for job in jobs]
    else:
        with multiprocessing.Pool(cores) as pool:
            ends = pool.map(curve, jobs, chunksize=max(1, len(jobs) // (8 * cores)))
    seconds = time.time() - began
    done = sum(end is not None for end in ends)
    missed = sum(end is not None and not end <= reference * (1 + QUALITY) for end, reference in zip(ends, references))
    note = f"{'the usual guess' if starts == 1 else f'{starts} starts'} a target on {cores} core{'' if cores == 1 else 's'}"
    if missed:
        note += f"; {missed} of {len(ys)} targets end above the reference"
    if done < len(ys):
        note += f"; {done} of {len(ys)} targets done, scaled"
        seconds *= len(ys) / max(1, done)
    return {"peer": "SciPy curve_fit", "seconds": seconds, "bound": False, "note": note}


def jax_fits(task, starts):
    """Levenberg–Marquardt, vmapped over targets and starts."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    import jaxopt

    x, ys, references = load(task)
    model, _, guess = MODELS[task["model"]]
    rng = np.random.default_rng(1)
    first = np.array([guess(x, y) for y in ys])
    beside = first[:, None, :] * np.exp(rng.standard_normal((len(ys), starts - 1, first.shape[1])))
    theta = np.concatenate([first[:, None, :], beside], axis=1)
    formula = {
        "decay": lambda t: t[0] * jnp.exp(-t[1] * x) + t[2],
        "peak": lambda t: t[0] * jnp.exp(-((x - t[1]) ** 2) / (2 * t[2] ** 2)) + t[3],
    }[task["model"]]
    residuals = lambda t, y: formula(t) - y
    inner = jaxopt.LevenbergMarquardt(residuals, maxiter=100, tol=1e-10, solver="cholesky", materialize_jac=True, implicit_diff=False)

    def one(t, y):
        end = inner.run(t, y).params
        value = 0.5 * jnp.mean(residuals(end, y) ** 2)
        return jnp.where(jnp.isfinite(value), value, jnp.inf)

    run = jax.jit(jax.vmap(jax.vmap(one, in_axes=(0, None)), in_axes=(0, 0)))
    began = time.time()
    compiled = run.lower(theta, ys).compile()
    startup = time.time() - began
    began = time.time()
    ends = np.min(np.array(jax.block_until_ready(compiled(theta, ys))), axis=1)
    seconds = time.time() - began
    missed = int(np.sum(~(ends <= references * (1 + QUALITY))))
    note = f"{'the usual guess' if starts == 1 else f'{starts} starts'} a target, vmapped, on {jax.devices()[0].device_kind}; compiling {startup:.1f} s not counted"
    if missed:
        note += f"; {missed} of {len(ys)} targets end above the reference"
    return {"peer": "JAX Levenberg–Marquardt", "seconds": seconds, "bound": False, "startup": startup, "note": note}


def gpufit(task):
    """Gpufit's own peak on a CUDA device, in float32, from the usual guess. Its Python binding is installed by hand."""
    try:
        import pygpufit.gpufit as gf
    except ImportError:
        return {"peer": "Gpufit", "seconds": None, "bound": False, "note": "pygpufit is not installed"}
    if not gf.cuda_available():
        return {"peer": "Gpufit", "seconds": None, "bound": False, "note": "there is no CUDA device"}
    x, ys, references = load(task)
    first = np.array([peak_guess(x, y) for y in ys])
    # Its peak is at a place of 0 … n − 1, with the same width's square.
    step = x[1] - x[0]
    start = np.stack([first[:, 0], (first[:, 1] - x[0]) / step, first[:, 2] / step, first[:, 3]], axis=1).astype(np.float32)
    fit = lambda: gf.fit(ys.astype(np.float32), None, gf.ModelID.GAUSS_1D, start, 1e-7, 100, None, gf.EstimatorID.LSE, None)
    fit()
    began = time.time()
    parameters, states, _, _, _ = fit()
    seconds = time.time() - began
    a, m, s, c = parameters.T.astype(float)
    ends = [objective(peak, x, y, (a[i], x[0] + m[i] * step, s[i] * step, c[i])) for i, y in enumerate(ys)]
    missed = sum(not end <= reference * (1 + QUALITY) for end, reference in zip(ends, references))
    note = f"from the usual guess, float32; {missed} of {len(ys)} targets end above the reference"
    return {"peer": "Gpufit", "seconds": seconds, "bound": False, "note": note}
