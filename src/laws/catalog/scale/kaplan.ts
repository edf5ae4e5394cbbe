/**
 * L = [(N_c/N)^(α_N/α_D) + D_c/D]^α_D — Kaplan et al. 2020, arXiv 2001.08361, eq. 1.5. Written with
 * the two limits P = (N_c/N)^α_N and Q = (D_c/D)^α_D: ln L = max(ln P, ln Q) + α_D·ln(1 + e^(−|ln P
 * − ln Q|/α_D)).
 */
import { abs, add, div, exp, log, log1pc, max, mul, neg, sub } from "../../../expr/graph.ts";
import { defineLaw, reportCharts } from "../../law.ts";
import type { ParameterSpec } from "../../parameters/parameter-spec.ts";
import type { Chart } from "../../parameters/chart.ts";
import { exponent } from "../../terms/shared-parameters.ts";

/** N_c = N₀·P₀^(1/α_N), with the limit P₀ = e^coordinate at the center; D_c alike. */
const critical = (symbol: string, alpha: string, input: "params" | "tokens"): Chart => ({
  symbol,
  value: (u, x) => exp(add(div(u, x.p(alpha)), x.lnUnit(input))),
  coordinate: (v, x) => mul(x.p(alpha), sub(log(v), x.lnUnit(input))),
});

const limit = (meaning: string, chart: Chart): ParameterSpec => ({
  meaning,
  per: "law",
  chart,
  start: (s) => [Math.log(0.3 * s.mean), Math.log(s.mean)],
  truth: [0.8, 1],
  bounds: [-60, 60],
});

const parameters = () => ({
  lnP: limit(
    "ln of the loss with endless data at the center of N",
    critical("N_c", "alphaN", "params"),
  ),
  alphaN: {
    ...exponent("exponent α_N"),
    start: () => [0.02, 0.4] as const,
    truth: [0.06, 0.1] as const,
    bounds: [0.005, 5] as const,
  },
  lnQ: limit(
    "ln of the loss of an endless model at the center of D",
    critical("D_c", "alphaD", "tokens"),
  ),
  alphaD: {
    ...exponent("exponent α_D"),
    start: () => [0.02, 0.4] as const,
    truth: [0.08, 0.12] as const,
    bounds: [0.005, 5] as const,
  },
});

export const kaplan = defineLaw({
  name: "kaplan",
  equation: "L = [(N_c/N)^(α_N/α_D) + D_c/D]^α_D",
  source: "Kaplan et al. 2020, arXiv 2001.08361, eq. 1.5",
  about: "model size and tokens, without an irreducible loss",
  uses: { params: true, tokens: true, weights: false },
  parameters,
  loss: ({ p, lnN, lnD }) => {
    const [P, Q] = [sub(p("lnP"), mul(p("alphaN"), lnN)), sub(p("lnQ"), mul(p("alphaD"), lnD))];
    const smaller = exp(neg(div(abs(sub(P, Q)), p("alphaD"))));
    return exp(add(max(P, Q), mul(p("alphaD"), mul(smaller, log1pc(smaller)))));
  },
  report: (c) => reportCharts(parameters(), c),
  form: () => ({ equations: ["L = ((N_c/params)^(alphaN/alphaD) + D_c/tokens)^alphaD"] }),
  units: "absolute",
  contains: {},
});
