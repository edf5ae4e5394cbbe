/** Optima of phases: against a grid over all mixtures, closed forms, and what phases demand. */
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/base/errors.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import { bind } from "../../src/laws/bind.ts";
import { lawNamed, laws } from "../../src/laws/catalog/catalog.ts";
import type { Law } from "../../src/laws/law.ts";
import type { ConstraintRequest } from "../../src/mixture/constraints/constraint-kinds.ts";
import { surface } from "../../src/mixture/goal/surface.ts";
import { lawValue } from "../../src/mixture/goal/goal.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import { phasesOf } from "../../src/mixture/problem/describe-phases.ts";
import { poseProblem } from "../../src/mixture/problem/pose-problem.ts";
import type { OptimizeOptions } from "../../src/mixture/request/optimize-options.ts";
import type { Space } from "../../src/mixture/space/space.ts";
import { cpuEngine } from "../fit/engines.ts";
import { PHASES, phasedRows } from "../fit/phased-runs.ts";

const engine = await cpuEngine();
const runs = toRuns(phasedRows(40), { phases: PHASES });
const fitted = async (law: Law | undefined, target: string) =>
  engine.fit([law ?? laws.linear], { ...runs, ...only(target) }, { restarts: 8 });
const only = (target: string) => {
  const t = runs.targets.indexOf(target);
  return {
    targets: [target],
    train: { ...runs.train, losses: runs.train.losses.slice(t, t + 1) },
  };
};
const TOKENS = 1e10;
const cells = ["h0/web", "h0/code", "h1/web", "h1/code"] as const;

/** The least loss of a grid over the shares of web in both phases that an allowed pair has. */
function best(
  problem: ReturnType<typeof poseProblem>,
  isAllowed: (web0: number, web1: number) => boolean,
  steps = 100,
): number {
  let least = Infinity;
  for (let a = 0; a <= steps; a++)
    for (let b = 0; b <= steps; b++) {
      const [w, v] = [a / steps, b / steps];
      if (!isAllowed(w, v)) continue;
      const h = Float64Array.of(0.75 * w, 0.75 * (1 - w), 0.25 * v, 0.25 * (1 - v));
      least = Math.min(least, lawValue(problem.goal, h));
    }
  return least;
}

describe("an optimum of phases", async () => {
  const file = await fitted(lawNamed("log-linear-by-phase"), "loss_each");
  const powers = await fitted(lawNamed("mixture-by-phase"), "loss_each");
  const request: OptimizeOptions = { tokens: TOKENS, samples: 0, epsilon: 0, beyond: true };
  const within = (constraints: ConstraintRequest) => ({ ...request, constraints });

  test("of a log-linear law is the best corner of each phase", async () => {
    const { phases, verdict, weights } = await optimize(file, request);
    expect(phases?.each.map(({ weights: own }) => own)).toEqual([
      { web: 0, code: 1 },
      { web: 1, code: 0 },
    ]);
    expect(phases?.mean).toEqual({ web: 0.25, code: 0.75 });
    expect(phases?.change).toBe(2);
    expect(verdict.status).toBe("global");
    expect(Object.keys(weights)).toEqual([...cells]);
  });

  test("changes no more than it may: the phase that gains less gives way", async () => {
    const { phases, verdict, active } = await optimize(file, within({ maxChange: 0.3 }));
    expect(phases?.each[0]?.weights["code"]).toBeCloseTo(1, 12);
    expect(phases?.each[1]?.weights["web"]).toBeCloseTo(0.15, 12);
    expect(phases?.change).toBeCloseTo(0.3, 12);
    expect(verdict.status).toBe("global");
    const price = active.find(({ constraint }) => constraint === "max-change l1 ≤ 0.3");
    const more = await optimize(file, within({ maxChange: 0.31 }));
    const less = await optimize(file, within({ maxChange: 0.29 }));
    expect(price?.perPercent).toBeCloseTo((less.objective - more.objective) / 2, 6);
  });

  test.each([
    [{ available: { code: 2e9 }, maxEpochs: 2 }, (w: number, v: number) => 0.75 * w + 0.25 * v >= 0.6],
    [{ available: { code: 2e9 }, maxEpochs: 2, maxChange: 0.4 }, (w: number, v: number) => 0.75 * w + 0.25 * v >= 0.6 && Math.abs(w - v) <= 0.2 + 1e-12],
    [{ floors: { "h0/web": 0.3 }, caps: { web: 0.4 } }, (w: number, v: number) => w >= 0.3 && 0.75 * w + 0.25 * v <= 0.4 + 1e-12],
    [{ groups: [{ domains: ["h1/code"], min: 0.25 }], maxChange: 1 }, (w: number, v: number) => v <= 0.75 && Math.abs(w - v) <= 0.5 + 1e-12],
    [{ ratio: [{ numerator: ["h0/web"], denominator: ["h1/web"], min: 0.5 }] }, (w: number, v: number) => w >= 0.5 * v - 1e-12],
  ] as const)("under %o is the best of all mixtures that are allowed", async (constraints, isAllowed) => {
    for (const fit of [file, powers]) {
      const options = { ...within(constraints), reference: { web: 1, code: 0 } };
      const { objective, phases, certificate } = await optimize(fit, options);
      const [first, second] = phases?.each ?? [];
      const [w, v] = [first?.weights["web"] ?? NaN, second?.weights["web"] ?? NaN];
      expect(isAllowed(w + 1e-10, v + 1e-10) || isAllowed(w - 1e-10, v - 1e-10) || isAllowed(w, v)).toBe(true);
      expect(certificate.feasibility).toBeLessThan(1e-10);
      expect(certificate.certified).toBe(true);
      const grid = best(poseProblem(fit, options), isAllowed);
      expect(objective).toBeLessThanOrEqual(grid + 1e-9);
      expect(objective).toBeGreaterThan(grid - 2e-2);
    }
  }); // prettier-ignore

  test("has other parts of the tokens where that is asked for", async () => {
    const { phases } = await optimize(file, { ...request, phases: { h0: 0.5, h1: 0.5 } });
    expect(phases?.each.map(({ fraction, tokens }) => [fraction, tokens])).toEqual([
      [0.5, 5e9],
      [0.5, 5e9],
    ]);
    expect(phases?.mean).toEqual({ web: 0.5, code: 0.5 });
  });

  test("of a law on the mean has the same shares in each phase, as far as it may", async () => {
    const mean = await fitted(laws.logLinear, "loss_mean");
    const options = within({ caps: { code: 0.6 } });
    const { phases, verdict } = await optimize(mean, options);
    for (const { weights } of phases?.each ?? []) expect(weights["code"]).toBeCloseTo(0.6, 9);
    expect(verdict.findings.map(({ code }) => code)).toContain("phases-not-told");
    expect(verdict.status).toBe("global");
    const uneven = await optimize(mean, within({ caps: { code: 0.6, "h1/code": 0.3 } }));
    expect(uneven.phases?.each.map(({ weights }) => weights["code"] ?? NaN)).toEqual([
      expect.closeTo(0.7, 9),
      expect.closeTo(0.3, 9),
    ]);
  });

  test("has the same shares in each phase where a demand on another loss binds", async () => {
    const rows = phasedRows(40, 0).map((row) => ({ ...row, loss_other: 6 - Number(row["loss_mean"]) }));
    const both = toRuns(rows, { phases: PHASES, targets: "loss_mean,loss_other" });
    const mean = await engine.fit(laws.logLinear, both, { restarts: 8 });
    const options = { ...request, objective: { loss_mean: 1 }, noWorse: { loss_other: 1.01 } };
    const { phases, verdict, active } = await optimize(mean, options);
    expect(active.map(({ constraint }) => constraint)).toEqual(["no-worse loss_other ≤ 1.01"]);
    expect(phases?.change).toBeLessThan(1e-9);
    expect(verdict.findings.map(({ code }) => code)).toContain("phases-not-told");
  }); // prettier-ignore

  test("repeats a domain's tokens in all phases together", async () => {
    const constraints = { available: { web: 2e9, code: 1.7e9 }, maxEpochs: 10 };
    const { allocation, phases } = await optimize(file, within(constraints));
    expect(phases?.epochs).toEqual({ web: 1.25, code: expect.closeTo(7.5 / 1.7, 9) });
    expect(allocation?.["h0/code"]).toMatchObject({ passes: 4 });
    expect(allocation?.["h1/code"]).toEqual({ tokens: 0, epochs: 0, passes: null });
    const halves = { ...within({ ...constraints, fixed: { "h0/web": 0, "h1/web": 0.5 } }) };
    const whole = await optimize(file, { ...halves, phases: { h0: 0.5, h1: 0.5 } });
    expect(whole.allocation?.["h0/code"]).toMatchObject({ epochs: 5 / 1.7, passes: 4 });
    expect(whole.allocation?.["h1/code"]).toMatchObject({ passes: 4 });
    expect(whole.allocation?.["h1/web"]).toMatchObject({ epochs: 1.25, passes: null });
  });

  test.each(["epochs-by-phase", "epochs", "additive-epochs", "joint"])("has the slopes of %s", (name) => {
    const phases = { names: ["h0", "h1"], domains: ["web", "code"] };
    const options = { signs: "positive", phases } as const;
    const law = bind(lawNamed(name) ?? laws.linear, cells, options, { params: 1e8, tokens: 1e10 });
    const scale = { min: 2, mean: 3, max: 4 };
    const theta = Float64Array.from(law.coordinates, ({ spec }) => {
      const [low, high] = spec.start(scale, law.domains.length);
      return 0.4 * low + 0.6 * high;
    });
    const inputs = { "u[web]": 2e9, "u[code]": 5e9 };
    const loss = surface([{ fitted: { law, theta }, weight: 1 }], { params: 3e8, tokens: TOKENS, inputs }, 4);
    const h = Float64Array.of(0.3, 0.45, 0.15, 0.1);
    const slope = new Float64Array(4);
    loss.gradient(h, slope);
    for (const i of h.keys()) {
      const at = (x: number): number => loss.value(h.with(i, (h[i] ?? 0) + x));
      const difference = (at(1e-5) - at(-1e-5)) / 2e-5;
      expect(Math.abs(difference - (slope[i] ?? NaN))).toBeLessThan(1e-6 * (1 + Math.abs(difference)));
    }
  }); // prettier-ignore

  test.each([
    [{ phases: { h0: 0.5, h2: 0.5 } }, 'names "h2"; the phases are h0, h1'],
    [{ phases: { h0: 0.5, h1: 0.6 } }, "sums to 1.1"],
    [
      { constraints: { available: { "h0/web": 1e9 }, maxEpochs: 1 } },
      "the phases share the tokens",
    ],
    [{ constraints: { caps: { wbe: 0.1 } } }, 'did you mean "web"?'],
    [{ constraints: { maxChange: 0 } }, "must be a positive number"],
    [{ reference: { web: 0.5, "h0/code": 0.5 } }, "beside domains of single phases"],
    [{ reference: { "h0/web": 0.5, "h1/web": 1 } }, "sum to 0.5, 1 in h0, h1"],
  ] as const)("refuses %o", (options, message) => {
    expect(() => poseProblem(file, { ...request, ...options })).toThrow(InputError);
    expect(() => poseProblem(file, { ...request, ...options })).toThrow(message);
  });
});

test("shares of a phase sum to 1, and an only one is 1", () => {
  const sharesOf = (space: Space, h: Float64Array): number[][] => {
    const problem = { space } as Parameters<typeof phasesOf>[0];
    return phasesOf(problem, h, {}).phases?.each.map(({ weights }) => Object.values(weights)) ?? [];
  };
  const phases = { names: ["h0", "h1"], fractions: [0.8, 0.2] };
  const one = { domains: ["h0/web", "h1/web"], phases: { ...phases, domains: ["web"] } };
  expect(sharesOf(one, Float64Array.of(0.7999999999999999, 0.20000000000000004))).toEqual([[1], [1]]); // prettier-ignore
  const domains = ["web", "code", "wiki"];
  const three = { domains: phases.names.flatMap((name) => domains.map((domain) => `${name}/${domain}`)), phases: { ...phases, domains } }; // prettier-ignore
  for (let n = 1; n < 40; n++) {
    const [a, b] = [0.8 / (n + 0.3), 0.2 / (n + 0.7)];
    const h = Float64Array.of(a / 3, 0.8 - a, (2 * a) / 3, 0.2 - b, b / 7, (6 * b) / 7);
    for (const shares of sharesOf(three, h)) expect(shares.reduce((x, y) => x + y, 0)).toBe(1);
  }
});
