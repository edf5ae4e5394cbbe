/**
 * L = E + (Σ Cᵢhᵢ)^γ + A/N^α + B/D^β, γ of either sign — Shukor et al. 2025, arXiv 2507.09404, eq.
 * 6.1.
 */
import { add, exp } from "../../../expr/graph.ts";
import { chinchilla } from "../scale/chinchilla.ts";
import { defineLaw } from "../../law.ts";
import { exponential } from "../../parameters/chart.ts";
import {
  eitherSign,
  formWith,
  inverseGamma,
  logPowerMean,
  powerMeanForm,
  reportPowerMean,
} from "../../terms/power-mean.ts";
import { logCoefficient } from "../../terms/shared-parameters.ts";

export const simple = defineLaw({
  name: "simple",
  equation: "L = E + (Σᵢ Cᵢhᵢ)^γ + A/N^α + B/D^β",
  source: "Shukor et al. 2025, arXiv 2507.09404, eq. 6.1",
  about: "one exponent for all domains; γ may be negative",
  uses: { params: true, tokens: true, weights: true },
  parameters: (options) => ({
    ...chinchilla.parameters(options),
    u: {
      ...logCoefficient(
        "ln of the mixture term at the pure mixture of domain i, ln Cᵢ^γ",
        exponential("pure"),
        "domain",
      ),
      // The term is smallest at the target's own domain.
      truth: ({ own, between }) => Math.log(own ? between(0.1, 0.2) : between(0.4, 0.9)),
    },
    s: {
      ...inverseGamma("1/γ of the mixture term", "gamma", { signs: "free" }),
      truth: eitherSign(0.4, 1.4),
    },
  }),
  loss: (x) => add(chinchilla.loss(x), exp(logPowerMean(x, (i) => x.pd("u", i), x.p("s")))),
  report: (c) => {
    const { C, gamma, pure } = reportPowerMean(c, "u", "s", 0);
    return { ...chinchilla.report(c), C, gamma, pure };
  },
  form: (x) =>
    formWith("L = E + M_h + A/params^alpha + B/tokens^beta", [
      powerMeanForm(x, { mean: "M_h", pure: "pure", gamma: "gamma" }),
    ]),
  units: "absolute",
  contains: {},
});
