"""A fit as bench/peers/run-peers.ts writes it, and its objective with the analytic gradient in NumPy: one pass over the runs, mixture terms once a mixture."""

import numpy as np


def power_mean(u, s, h):
    """ln of (sum h e^(s u))^(1/s) by mixture, and its derivatives in u and s; a series near s = 0."""
    m = h @ u
    d = u - m[:, None]
    if abs(s) < 1e-5:
        v = np.sum(h * d * d, axis=1)
        return m + 0.5 * s * v, h * (1 + s * d), 0.5 * v
    e = h * np.exp(s * d)
    total = e.sum(axis=1)
    q = e / total[:, None]
    log = np.log(total)
    return m + log / s, q, (q * d).sum(axis=1) / s - log / s**2


class Target:
    """One target of a task: rows with a loss, grouped by mixture."""

    def __init__(self, task, index):
        target = task["targets"][index]
        there = np.array([y is not None for y in target["losses"]])
        pick = lambda values: np.array(values, dtype=float)[there] if values else np.zeros(there.sum())
        self.name = target["name"]
        self.law = task["law"]
        self.log = task["residual"] == "log"
        self.delta = task["delta"]
        self.observed = pick([np.nan if y is None else y for y in target["losses"]])
        self.ln_n, self.ln_d = pick(task["lnN"]), pick(task["lnD"])
        shares = np.array(task["weights"], dtype=float)[there] if task["weights"] else np.zeros((there.sum(), 0))
        self.h, self.group = np.unique(shares, axis=0, return_inverse=True)
        self.group = self.group.reshape(-1)
        self.inside = (self.h > 0).astype(float)
        self.ln_h = np.log(np.where(self.h > 0, self.h, 1.0))
        self.lower, self.upper = np.array(task["lower"]), np.array(task["upper"])
        self.start = np.array(target["start"])
        self.reference = target.get("reference")
        self.best = np.array(target["best"]) if target.get("best") else None
        self.check = target["check"]
        self.names = task["names"]
        self.at = {}
        for i, name in enumerate(task["names"]):
            self.at.setdefault(name.split("[")[0], []).append(i)
        self.at = {name: (places[0] if len(places) == 1 and name not in ("lnC", "gamma", "uA", "uB") else np.array(places)) for name, places in self.at.items()}
        self.share = np.full(len(self.observed), 1.0 / len(self.observed))

    def random(self, rng):
        return rng.uniform(self.start[:, 0], self.start[:, 1])

    def value_and_gradient(self, theta, share=None):
        """The mean Huber loss of the residuals and its gradient."""
        share = self.share if share is None else share
        at, group = self.at, self.group
        predicted = np.full(len(self.observed), theta[at["E"]])
        mixed = "lnC" in at
        if mixed:
            terms = self.inside * np.exp(theta[at["lnC"]] + theta[at["gamma"]] * self.ln_h)
            mixture = 1.0 / terms.sum(axis=1)
            predicted += mixture[group]
        powers = []
        for ln, exponent, mean, curve, x in (("lnA", "alpha", "uA", "sA", self.ln_n), ("lnB", "beta", "uB", "sB", self.ln_d)):
            if exponent not in at:
                continue
            joint = mean in at
            by_mixture = power_mean(theta[at[mean]], theta[at[curve]], self.h) if joint else None
            size = np.exp(np.minimum((by_mixture[0][group] if joint else theta[at[ln]]) - theta[at[exponent]] * x, 80.0))
            predicted += size
            powers.append((ln, exponent, mean, curve, x, size, by_mixture))
        residual = np.log(predicted) - np.log(self.observed) if self.log else predicted - self.observed
        size = np.abs(residual)
        d = self.delta
        value = share @ np.where(size <= d, 0.5 * residual * residual, d * (size - 0.5 * d))
        psi = share * np.clip(residual, -d, d)
        if self.log:
            psi = psi / predicted
        gradient = np.zeros_like(theta)
        gradient[at["E"]] = psi.sum()
        groups = len(self.h)
        if mixed:
            by_group = -np.bincount(group, psi, groups) * mixture * mixture
            gradient[at["lnC"]] = by_group @ terms
            gradient[at["gamma"]] = by_group @ (terms * self.ln_h)
        for ln, exponent, mean, curve, x, power, by_mixture in powers:
            pulled = psi * power
            gradient[at[exponent]] = -(pulled @ x)
            if by_mixture is None:
                gradient[at[ln]] = pulled.sum()
            else:
                by_group = np.bincount(group, pulled, groups)
                gradient[at[mean]] = by_group @ by_mixture[1]
                gradient[at[curve]] = by_group @ by_mixture[2]
        return value, gradient


def targets_of(task):
    """The targets, after a check that objective and gradient are mixlaw's."""
    targets = [Target(task, i) for i in range(len(task["targets"]))]
    for target in targets:
        theta, objective = np.array(target.check["theta"]), target.check["objective"]
        value, gradient = target.value_and_gradient(theta)
        if not abs(value / objective - 1) < 1e-9:
            raise SystemExit(f"{task['case']} {target.name}: the objective is {value}, mixlaw has {objective}")
        for i in range(len(theta)):
            step = 1e-6 * max(1.0, abs(theta[i]))
            shifted = theta + step * (np.arange(len(theta)) == i), theta - step * (np.arange(len(theta)) == i)
            slope = (target.value_and_gradient(shifted[0])[0] - target.value_and_gradient(shifted[1])[0]) / (2 * step)
            if abs(slope - gradient[i]) > 1e-4 * np.abs(gradient).max():
                raise SystemExit(f"{task['case']} {target.name}: derivative {i} is {gradient[i]}, differences give {slope}")
    return targets
