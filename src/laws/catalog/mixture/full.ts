/**
 * The joint law with exponents that depend on the mixture too: α_h = (Σ Cᵢ^α hᵢ)^γ^α, β_h likewise
 * — Shukor et al. 2025, arXiv 2507.09404, eq. 6.2.
 */
import { add, exp } from "../../../expr/graph.ts";
import { defineLaw } from "../../law.ts";
import { exponential } from "../../parameters/chart.ts";
import type { ParameterSpec } from "../../parameters/parameter-spec.ts";
import {
  formWith,
  inverseGamma,
  logPowerMean,
  powerMeanForm,
  reportPowerMean,
} from "../../terms/power-mean.ts";
import { irreducible, logarithmOf, powerTerm } from "../../terms/shared-parameters.ts";
import {
  MIXTURE_FORM,
  mixtureParameters,
  mixtureTerm,
  reportMixture,
} from "../../terms/mixture-term.ts";
import { joint, sizeOfPure, tokensOfPure } from "./joint.ts";

const logExponent = (meaning: string, symbol: string): ParameterSpec => ({
  meaning,
  chart: exponential(symbol),
  per: "domain",
  start: () => [Math.log(0.05), Math.log(0.9)],
  bounds: [-20, Math.log(10)],
  truth: logarithmOf(0.25, 0.4),
});

export const full = defineLaw({
  name: "full",
  equation: "L = E + 1/Σᵢ Cᵢhᵢ^γᵢ + A_h/N^α_h + B_h/D^β_h, X_h = (Σᵢ Cᵢˣhᵢ)^γˣ",
  source: "Shukor et al. 2025, arXiv 2507.09404, eq. 6.2",
  about: "the joint law with exponents that depend on the mixture",
  uses: { params: true, tokens: true, weights: true },
  parameters: (options) => ({
    E: irreducible,
    ...mixtureParameters,
    uA: sizeOfPure(exponential("pureA")),
    sA: inverseGamma("1/γᴬ", "gammaA", options),
    uB: tokensOfPure(exponential("pureB")),
    sB: inverseGamma("1/γᴮ", "gammaB", options),
    uAlpha: logExponent("ln α at the pure mixture of domain i", "pureAlpha"),
    sAlpha: inverseGamma("1/γ of α", "gammaAlpha", options),
    uBeta: logExponent("ln β at the pure mixture of domain i", "pureBeta"),
    sBeta: inverseGamma("1/γ of β", "gammaBeta", options),
  }),
  loss: (x) => {
    const mean = (u: string, s: string) => logPowerMean(x, (i) => x.pd(u, i), x.p(s));
    const sizes = powerTerm(mean("uA", "sA"), exp(mean("uAlpha", "sAlpha")), x.lnN);
    const tokens = powerTerm(mean("uB", "sB"), exp(mean("uBeta", "sBeta")), x.lnD);
    return add(add(add(x.p("E"), mixtureTerm(x)), sizes), tokens);
  },
  report: (c) => {
    const [A, B, a, b] = ["A", "B", "Alpha", "Beta"].map((x) =>
      reportPowerMean(c, `u${x}`, `s${x}`, 0),
    );
    return {
      E: c.value("E"), ...reportMixture(c),
      CA: A.C, gammaA: A.gamma, pureA: A.pure, CB: B.C, gammaB: B.gamma, pureB: B.pure,
      Calpha: a.C, gammaAlpha: a.gamma, pureAlpha: a.pure, Cbeta: b.C, gammaBeta: b.gamma, pureBeta: b.pure,
    }; // prettier-ignore
  },
  form: (x) =>
    formWith(
      `L = E + ${MIXTURE_FORM} + A_h/(params/${x.units.params})^alpha_h + B_h/(tokens/${x.units.tokens})^beta_h`,
      [
        powerMeanForm(x, { mean: "A_h", pure: "pureA", gamma: "gammaA", positive: true }),
        powerMeanForm(x, { mean: "B_h", pure: "pureB", gamma: "gammaB", positive: true }),
        powerMeanForm(x, {
          mean: "alpha_h",
          pure: "pureAlpha",
          gamma: "gammaAlpha",
          positive: true,
        }),
        powerMeanForm(x, { mean: "beta_h", pure: "pureBeta", gamma: "gammaBeta", positive: true }),
      ],
    ),
  // A change of units multiplies A_h by a power that depends on h, which no parameters make up for.
  units: "fit",
  contains: {
    [joint.name]: (c) => ({
      E: c.value("E"), lnC: c.values("lnC"), gamma: c.values("gamma"), uA: c.values("uA"), sA: c.value("sA"), uB: c.values("uB"), sB: c.value("sB"),
      uAlpha: c.domains.map(() => Math.log(c.value("alpha"))), sAlpha: 1, uBeta: c.domains.map(() => Math.log(c.value("beta"))), sBeta: 1,
    }), // prettier-ignore
  },
});
