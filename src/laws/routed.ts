/**
 * log₁₀ L = a·log₁₀N + b·log₁₀Ê + c·log₁₀N·log₁₀Ê + d, 1/Ê = 1/(E − 1 + (1/E_start − 1/E_max)⁻¹) + 1/E_max: routed language models with E experts of
 * N active parameters — Clark et al. 2022, arXiv 2202.01169, eq. 1 and 6.
 */
import { add, div, exp, log, mul, sub } from "../expr/graph.ts";
import { defineLaw, type ParameterSpec } from "./define.ts";
import { type Chart, exponential } from "./parameter.ts";

/** E_max = E_start(1 + e^v), so that it is above E_start. */
const most: Chart = {
  symbol: "E_max",
  value: (v, x) => mul(exp(x.p("lnStart")), add(1, exp(v))),
  coordinate: (E, x) => log(sub(div(E, exp(x.p("lnStart"))), 1)),
};
type Range = readonly [number, number];
const either = (meaning: string, start: Range, truth: Range): ParameterSpec => ({
  meaning,
  per: "law",
  truth,
  start: () => start,
  bounds: [-60, 60],
});

export const routed = defineLaw({
  name: "routed",
  equation: "log₁₀L = a·log₁₀N + b·log₁₀Ê + c·log₁₀N·log₁₀Ê + d, 1/Ê = 1/(E−1+(1/E_start−1/E_max)⁻¹) + 1/E_max",
  source: "Clark et al. 2022, arXiv 2202.01169, eq. 1 and 6",
  about: "routed models: N active parameters, E experts; one router and one token count",
  uses: {
    params: true,
    tokens: false,
    weights: false,
    inputs: [
      { name: "experts", meaning: "number of experts E, at least 1", values: "positive", typical: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] },
    ],
  },
  parameters: () => ({
    level: {
      meaning: "ln L at the center of N with Ê = 1",
      per: "law",
      start: (s) => [Math.log(s.min), Math.log(s.max)],
      truth: [0.9, 1.1],
    },
    a: either("exponent a of N", [-0.3, 0], [-0.09, -0.07]),
    bend: either("exponent of Ê at the center of N", [-0.3, 0], [-0.05, -0.02]),
    cross: either("c per natural logarithm", [-0.02, 0.02], [0.002, 0.005]),
    lnStart: { meaning: "ln E_start", per: "law", chart: exponential("E_start"), start: () => [0, 2], bounds: [-5, 8], truth: [0.3, 0.8] },
    above: { meaning: "ln(E_max/E_start − 1)", per: "law", chart: most, start: () => [2, 6], bounds: [-5, 20], truth: [4, 5.5] },
  }),
  loss: (x) => {
    const { p, lnN } = x;
    const more = sub(x.input("experts"), 1);
    x.guard({ node: more, needs: "nonnegative", operation: "E - 1", operand: "experts - 1" });
    const [start, ratio] = [exp(p("lnStart")), exp(p("above"))];
    // (1/E_start − 1/E_max)⁻¹ = E_start(1 + e^−v).
    const saturated = add(div(1, add(more, mul(start, add(1, div(1, ratio))))), div(1, mul(start, add(1, ratio))));
    const lnE = sub(0, log(saturated));
    return exp(add(add(p("level"), mul(p("a"), lnN)), mul(lnE, add(p("bend"), mul(p("cross"), lnN)))));
  },
  report: (c) => {
    const [a, cross, lnN0] = [c.of("a"), c.of("cross"), c.lnUnits.params];
    const start = Math.exp(c.of("lnStart"));
    return {
      a, b: c.of("bend") - cross * lnN0, c: cross * Math.LN10, d: (c.of("level") - a * lnN0) / Math.LN10,
      E_start: start, E_max: start * (1 + Math.exp(c.of("above"))),
    }; // prettier-ignore
  },
  units: "absolute",
  contains: {},
});
