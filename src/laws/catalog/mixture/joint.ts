/**
 * L = E + 1/Σ Cᵢhᵢ^γᵢ + A_h/N^α + B_h/D^β, A_h = (Σ Cᵢᴬhᵢ)^γᴬ, B_h = (Σ Cᵢᴮhᵢ)^γᴮ — Shukor et al.
 * 2025, arXiv 2507.09404, eq. 2.5.
 */
import { add, type Node } from "../../../expr/graph.ts";
import { additive } from "./additive.ts";
import { defineLaw, type LawVariables } from "../../law.ts";
import { centered, type Chart } from "../../parameters/chart.ts";
import type { ParameterSpec } from "../../parameters/parameter-spec.ts";
import {
  exponent,
  irreducible,
  logarithmOf,
  logCoefficient,
  powerTerm,
} from "../../terms/shared-parameters.ts";
import {
  formWith,
  inverseGamma,
  logPowerMean,
  powerMeanForm,
  reportPowerMean,
} from "../../terms/power-mean.ts";
import {
  MIXTURE_FORM,
  mixtureParameters,
  mixtureTerm,
  reportMixture,
} from "../../terms/mixture-term.ts";

/** ln A at the pure mixture of each domain. */
export const sizeOfPure = (chart: Chart): ParameterSpec => ({
  ...logCoefficient("ln A at the pure mixture of domain i", chart, "domain"),
  truth: logarithmOf(0.2, 0.6),
});

/** ln B at the pure mixture of each domain. */
export const tokensOfPure = (chart: Chart): ParameterSpec => ({
  ...logCoefficient("ln B at the pure mixture of domain i", chart, "domain"),
  truth: ({ own, between }) => Math.log(own ? between(0.2, 0.4) : between(0.3, 0.8)),
});

/** E + a mixture term + A_h/N^α + B_h/D^β. */
export function jointLoss(x: LawVariables, mixture: Node): Node {
  const sizes = powerTerm(
    logPowerMean(x, (i) => x.pd("uA", i), x.p("sA")),
    x.p("alpha"),
    x.lnN,
  );
  const tokens = powerTerm(
    logPowerMean(x, (i) => x.pd("uB", i), x.p("sB")),
    x.p("beta"),
    x.lnD,
  );
  return add(add(add(x.p("E"), mixture), sizes), tokens);
}

export const joint = defineLaw({
  name: "joint",
  equation: "L = E + 1/Σᵢ Cᵢhᵢ^γᵢ + (Σᵢ Cᵢᴬhᵢ)^γᴬ/N^α + (Σᵢ Cᵢᴮhᵢ)^γᴮ/D^β",
  source: "Shukor et al. 2025, arXiv 2507.09404, eq. 2.5",
  about: "size and token terms depend on the mixture, so the best mixture moves with scale",
  uses: { params: true, tokens: true, weights: true },
  parameters: (options) => ({
    E: irreducible,
    alpha: exponent("exponent α of N"),
    beta: exponent("exponent β of D"),
    ...mixtureParameters,
    uA: sizeOfPure(centered("pureA", { params: "alpha" })),
    sA: inverseGamma("1/γᴬ", "gammaA", options),
    uB: tokensOfPure(centered("pureB", { tokens: "beta" })),
    sB: inverseGamma("1/γᴮ", "gammaB", options),
  }),
  loss: (x) => jointLoss(x, mixtureTerm(x)),
  report: (c) => {
    const A = reportPowerMean(c, "uA", "sA", c.value("alpha") * c.lnUnit("params"));
    const B = reportPowerMean(c, "uB", "sB", c.value("beta") * c.lnUnit("tokens"));
    return {
      E: c.value("E"), alpha: c.value("alpha"), beta: c.value("beta"), ...reportMixture(c),
      CA: A.C, gammaA: A.gamma, pureA: A.pure, CB: B.C, gammaB: B.gamma, pureB: B.pure,
    }; // prettier-ignore
  },
  form: (x) =>
    formWith(`L = E + ${MIXTURE_FORM} + A_h/params^alpha + B_h/tokens^beta`, [
      powerMeanForm(x, { mean: "A_h", pure: "pureA", gamma: "gammaA", positive: true }),
      powerMeanForm(x, { mean: "B_h", pure: "pureB", gamma: "gammaB", positive: true }),
    ]),
  units: "absolute",
  contains: {
    [additive.name]: (c) => ({
      E: c.value("E"), alpha: c.value("alpha"), beta: c.value("beta"), lnC: c.values("lnC"), gamma: c.values("gamma"),
      uA: c.domains.map(() => c.value("lnA")), sA: 1, uB: c.domains.map(() => c.value("lnB")), sB: 1,
    }), // prettier-ignore
  },
});
