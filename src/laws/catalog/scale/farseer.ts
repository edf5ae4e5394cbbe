/**
 * L = exp(a₃N^γ + b₃) + exp(a₂N^β + b₂)·D^(−exp(a₁N^α + b₁)) — Li et al. 2025, Farseer, arXiv
 * 2506.10972. Each exponent aN^α + b is written by its value v and slope s at the center and its
 * bend α: v + s·ln N·φ₁(α·ln N), smooth through α = 0.
 */
import { type CoordinateValues, defineLaw, type LawVariables } from "../../law.ts";
import type { ParameterSpec } from "../../parameters/parameter-spec.ts";
import { scaled } from "../../parameters/chart.ts";
import { add, exp, mul, type Node, phi1, sub } from "../../../expr/graph.ts";
import { reducible, scalar } from "../../terms/shared-parameters.ts";

type Range = readonly [number, number];
type Start = ParameterSpec["start"];

/**
 * The parameters of one exponent aₙN^… + bₙ: its value v and slope s at the center, and its bend,
 * which reports call `symbol`. `truth` is of v and s.
 */
const bent = (
  n: 1 | 2 | 3,
  symbol: string,
  start: Start,
  slopes: Range,
  truth: readonly [Range, Range],
): Record<string, ParameterSpec> => ({
  [`v${n}`]: {
    meaning: `a${n}N^… + b${n} at the center of N`,
    per: "law",
    start,
    bounds: [-60, 60],
    truth: truth[0],
  },
  [`s${n}`]: scalar("its slope in ln N", slopes, [-10, 10], truth[1]),
  [`bend${n}`]: scalar(
    "its exponent of N (0: a straight line in ln N)",
    [-1, 1],
    [-5, 5],
    [-0.2, 0.2],
    scaled(symbol),
  ),
});
const lossStart: Start = (s) => [Math.log(0.3 * s.min), Math.log(0.98 * s.min)];
const termStart: Start = (s) => [Math.log(0.05 * reducible(s)), Math.log(reducible(s))];
const exponentStart: Start = () => [Math.log(0.05), Math.log(0.9)];

/** aₙN^… + bₙ. */
const exponentAt = (x: LawVariables, n: 1 | 2 | 3): Node =>
  add(x.p(`v${n}`), mul(mul(x.p(`s${n}`), x.lnN), phi1(mul(x.p(`bend${n}`), x.lnN))));

/**
 * a, b and the exponent of aN^α + b with N in units of its center; and value and slope there, which
 * exist at α = 0 too.
 */
const report = (c: CoordinateValues, n: 1 | 2 | 3, symbol: string) => {
  const [v, s, bend] = [c.value(`v${n}`), c.value(`s${n}`), c.value(`bend${n}`)];
  return {
    [`a${n}`]: bend === 0 ? null : s / bend,
    [`b${n}`]: bend === 0 ? null : v - s / bend,
    [symbol]: bend,
    [`v${n}`]: v,
    [`s${n}`]: s,
  };
};

export const farseer = defineLaw({
  name: "farseer",
  equation: "L = exp(a₃N^γ + b₃) + exp(a₂N^β + b₂)·D^(−exp(a₁N^α + b₁))",
  source: "Li et al. 2025, arXiv 2506.10972",
  about:
    "model size and tokens, where the token term's size and exponent depend on the model's size",
  uses: { params: true, tokens: true, weights: false },
  parameters: () => ({
    ...bent(3, "gamma", lossStart, [-0.3, 0.02], [[0.5, 0.7], [-0.08, -0.02]]), // prettier-ignore
    ...bent(2, "beta", termStart, [-0.3, 0.3], [[-0.9, -0.2], [-0.1, 0.1]]), // prettier-ignore
    ...bent(1, "alpha", exponentStart, [-0.3, 0.3], [[-1.4, -0.9], [-0.08, 0.08]]), // prettier-ignore
  }),
  loss: (x) => {
    const [decay, size, base] = [exponentAt(x, 1), exponentAt(x, 2), exponentAt(x, 3)];
    return add(exp(base), exp(sub(size, mul(exp(decay), x.lnD))));
  },
  report: (c) => ({ ...report(c, 1, "alpha"), ...report(c, 2, "beta"), ...report(c, 3, "gamma") }),
  form: ({ units: { params, tokens } }) => ({
    equations: [
      `L = exp(v3 + s3*n*phi1(gamma*n)) + exp(v2 + s2*n*phi1(beta*n) - d*exp(v1 + s1*n*phi1(alpha*n)))`,
      `n = log(params/${params})`,
      `d = log(tokens/${tokens})`,
    ],
  }),
  // Other units of D multiply D^(−exp(…)) by a factor that depends on N, which no parameters make
  // up for.
  units: "fit",
  contains: {},
});
