/** A plan by two laws over three domains, and runs of it. */
import type { Row } from "../../src/data/table/rows.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import type { OptimizeOptions } from "../../src/mixture/request/optimize-options.ts";
import type { Optimum } from "../../src/mixture/request/optimum.ts";
import { planDigest } from "../../src/register/plan-file.ts";
import type { Plan, RegisteredMixture } from "../../src/register/plan.ts";
import { AT, drawLosses, drawMixture, fileOf } from "../mixture/fixture.ts";

const trained = Array.from({ length: 20 }, (_, n) => [...drawMixture(3, 41, n)]);
const additive = fileOf(drawLosses("additive", 3, 2, 42), trained);
const joint = fileOf(drawLosses("joint", 3, 2, 43), trained);
/** A fit file of two laws and two targets, without anything that intervals are made of. */
export const FILE: FitFile = { ...additive, fits: [...additive.fits, ...joint.fits] };

export const CANDIDATES = [
  { name: "web", weights: { d0: 0.8, d1: 0.1, d2: 0.1 } },
  { name: "code", weights: { d0: 0.1, d1: 0.8, d2: 0.1 } },
];

/** An optimum of it. */
export const optimumOf = (options: OptimizeOptions = {}): Promise<Optimum> =>
  optimize(FILE, { ...AT, law: "additive", samples: 0, epsilon: 0, ...options });

/** The plan with its hash: tests change plans, which users cannot. */
export const hashed = (plan: Plan): Plan => ({ ...plan, sha256: planDigest(plan) });

/** What is registered of some mixtures by name: values by law, for the one target. */
type Told = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Half widths of the intervals at 50, 80 and 95 %. */
const HALF = [0.01, 0.02, 0.03] as const;

/** A plan of one target at one N and D by its first law. Mixture i has 80 % of domain i. */
export function planOf(told: Told, more: Partial<Plan> = {}): Plan {
  const domains = Object.keys(told).map((_, i) => `d${i}`);
  const [first = {}] = Object.values(told);
  const [law = ""] = Object.keys(first);
  const mixtures = Object.entries(told).map(([name, byLaw], m): RegisteredMixture => ({
    name,
    weights: Object.fromEntries(
      domains.map((domain, i) => [domain, shareOf(m, i, domains.length)]),
    ),
    predictions: Object.entries(byLaw).map(([each, value]) => ({
      law: each,
      target: "loss_x",
      value,
      intervals: HALF.map((half) => [value - half, value + half] as const),
    })),
  }));
  return hashed({
    schema: "mixlaw/plan@1",
    version: "0.0.0",
    sha256: "",
    fit: { sha256: "0".repeat(64), seed: 1 },
    data: { source: "runs.csv", sha256: "", rows: 1, columns: {} },
    domains,
    goal: { loss_x: 1 },
    laws: { loss_x: law },
    level: 0.95,
    levels: [0.5, 0.8, 0.95],
    points: [
      { at: { params: 1e9, tokens: 2e10, inputs: {} }, request: {}, reference: {}, mixtures },
    ],
    ...more,
  });
}

const shareOf = (mixture: number, domain: number, k: number): number =>
  mixture === domain ? 0.8 : 0.2 / (k - 1);

/** A run of the n-th mixture of such a plan of k mixtures. */
export const runOf = (n: number, loss: number, k: number, more: Row = {}): Row => ({
  n_params: 1e9,
  n_tokens: 2e10,
  ...Object.fromEntries(Array.from({ length: k }, (_, i) => [`h_d${i}`, shareOf(n, i, k)])),
  loss_x: loss,
  ...more,
});
