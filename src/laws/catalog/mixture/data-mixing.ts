/** L = c + K·exp(Σ tᵢhᵢ), "M4" — Ye et al. 2024, Data Mixing Laws, arXiv 2403.16952, eq. 6. */
import { add, exp, mul, sum } from "../../../expr/graph.ts";
import { type CoordinateValues, defineLaw, type LawVariables } from "../../law.ts";
import { exponential } from "../../parameters/chart.ts";
import { logCoefficient, slope } from "../../terms/shared-parameters.ts";

/**
 * uᵢ = tᵢ + ln K, the logarithm of the term at the pure mixture of domain i. Shares sum to 1, so
 * that K need not be apart.
 */
export const exponentialTerm = logCoefficient(
  "ln of K·e^tᵢ, the term at the pure mixture of domain i",
  exponential("pure"),
  "domain",
);

/** exp(Σ uᵢhᵢ). */
export const exponentialOf = (x: LawVariables) =>
  exp(sum(x.domains, (i) => mul(x.h(i), x.pd("u", i))));

/** K and the tᵢ. One of them can be chosen: the tᵢ sum to 0. */
export function reportExponential(c: CoordinateValues) {
  const u = c.values("u");
  const mean = u.reduce((a, b) => a + b, 0) / u.length;
  return {
    K: Math.exp(mean),
    t: c.perDomain((i) => u[i] - mean),
    pure: c.perDomain((i) => Math.exp(u[i])),
  };
}

export const dataMixing = defineLaw({
  name: "data-mixing",
  equation: "L = c + K·exp(Σᵢ tᵢhᵢ)",
  source: "Ye et al. 2024, arXiv 2403.16952 (M4)",
  about:
    "mixture alone, one exponential; one of K and the tᵢ can be chosen, since shares sum to 1: Σtᵢ = 0 here",
  uses: { params: false, tokens: false, weights: true },
  parameters: () => ({
    c: { ...slope("constant c"), start: (s) => [0, s.min], truth: [1.2, 1.8] },
    u: { ...exponentialTerm, truth: [-0.5, 0.5] },
  }),
  loss: (x) => add(x.p("c"), exponentialOf(x)),
  report: (c) => ({ c: c.value("c"), ...reportExponential(c) }),
  form: () => ({ equations: ["L = c + K*exp(sum(t[i]*h[i]))"] }),
  units: "absolute",
  contains: {},
});
