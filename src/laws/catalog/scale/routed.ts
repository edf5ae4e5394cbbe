/**
 * log₁₀L = a·log₁₀N + b·log₁₀Ê + c·log₁₀N·log₁₀Ê + d, 1/Ê = 1/(E − 1 + (1/E_start − 1/E_max)⁻¹) +
 * 1/E_max: routed models with E experts and N active parameters — Clark et al. 2022, arXiv
 * 2202.01169, eq. 1 and 6. CoordinateValues are at the center of N.
 */
import { add, div, exp, log, mul, neg, sub } from "../../../expr/graph.ts";
import { defineLaw, reportCharts } from "../../law.ts";
import type { ParameterSpec } from "../../parameters/parameter-spec.ts";
import { type Chart, exponential, scaled } from "../../parameters/chart.ts";
import { scalar } from "../../terms/shared-parameters.ts";

/** d, the level where log N is 0. */
const level: Chart = {
  symbol: "d",
  value: (u, x) => div(sub(u, mul(x.p("a"), x.lnUnit("params"))), Math.LN10),
  coordinate: (d, x) => add(mul(d, Math.LN10), mul(x.p("a"), x.lnUnit("params"))),
};
/** b, the exponent of Ê where log N is 0. */
const bend: Chart = {
  symbol: "b",
  value: (u, x) => sub(u, mul(x.p("cross"), x.lnUnit("params"))),
  coordinate: (b, x) => add(b, mul(x.p("cross"), x.lnUnit("params"))),
};
/** E_max = E_start(1 + e^v), so that it is above E_start. */
const most: Chart = {
  symbol: "E_max",
  value: (v, x) => mul(exp(x.p("lnStart")), add(1, exp(v))),
  coordinate: (E, x) => log(sub(div(E, exp(x.p("lnStart"))), 1)),
};

const parameters = (): Readonly<Record<string, ParameterSpec>> => ({
  level: {
    meaning: "ln L at Ê = 1",
    per: "law",
    chart: level,
    start: (s) => [Math.log(s.min), Math.log(s.max)],
    truth: [0.9, 1.1],
  },
  a: scalar("exponent a of N", [-0.3, 0], [-60, 60], [-0.09, -0.07]),
  bend: scalar("exponent of Ê", [-0.3, 0], [-60, 60], [-0.05, -0.02], bend),
  cross: scalar(
    "c per natural logarithm",
    [-0.02, 0.02],
    [-60, 60],
    [0.002, 0.005],
    scaled("c", Math.LN10),
  ),
  lnStart: scalar("ln E_start", [0, 2], [-5, 8], [0.3, 0.8], exponential("E_start")),
  above: scalar("ln(E_max/E_start − 1)", [2, 6], [-5, 20], [4, 5.5], most),
});

export const routed = defineLaw({
  name: "routed",
  equation:
    "log₁₀L = a·log₁₀N + b·log₁₀Ê + c·log₁₀N·log₁₀Ê + d, 1/Ê = 1/(E−1+(1/E_start−1/E_max)⁻¹) + 1/E_max",
  source: "Clark et al. 2022, arXiv 2202.01169, eq. 1 and 6",
  about: "routed models: N active parameters, E experts; one router and one token count",
  uses: { params: true, tokens: false, weights: false,
    inputs: [{ name: "experts", symbol: "E", meaning: "number of experts E, at least 1", values: "positive", typical: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] }] }, // prettier-ignore
  parameters,
  loss: (x) => {
    const { p, lnN } = x;
    const more = x.guard({
      node: sub(x.input("experts"), 1),
      needs: "nonnegative",
      operation: "E - 1",
      operand: "experts - 1",
    });
    const [start, ratio] = [exp(p("lnStart")), exp(p("above"))];
    // (1/E_start − 1/E_max)⁻¹ = E_start(1 + e^−v).
    const lnE = neg(
      log(
        add(
          div(1, add(more, mul(start, add(1, div(1, ratio))))),
          div(1, mul(start, add(1, ratio))),
        ),
      ),
    );
    return exp(
      add(add(p("level"), mul(p("a"), lnN)), mul(lnE, add(p("bend"), mul(p("cross"), lnN)))),
    );
  },
  report: (c) => reportCharts(parameters(), c),
  form: () => ({
    equations: [
      "L = 10^(a*log10(params) + b*log10(Ehat) + c*log10(params)*log10(Ehat) + d)",
      "Ehat = 1/(1/(experts - 1 + 1/(1/E_start - 1/E_max)) + 1/E_max)",
    ],
  }),
  units: "absolute",
  contains: {},
});
