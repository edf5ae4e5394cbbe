/** The mixture term of Shukor et al. 2025, arXiv 2507.09404: 1/Σ Cᵢhᵢ^γᵢ. */
import { add, div, type Expr, mul, type Node, sharePower, sum } from "../../expr/graph.ts";
import type { CoordinateValues, LawVariables } from "../law.ts";
import { exponential } from "../parameters/chart.ts";
import { reducible } from "./shared-parameters.ts";
import type { ParameterSpec } from "../parameters/parameter-spec.ts";

/** Parameters of 1/Σ Cᵢhᵢ^γᵢ. */
export const mixtureParameters: Readonly<Record<"lnC" | "gamma", ParameterSpec>> = {
  lnC: {
    meaning: "ln Cᵢ of the mixture term 1/Σ Cᵢhᵢ^γᵢ",
    per: "domain",
    chart: exponential("C"),
    start: (s, k) => [-Math.log(k * reducible(s)) - 1, -Math.log(k * reducible(s)) + 2],
    bounds: [-60, 60],
    // Cᵢ·(1/k)^γᵢ = partᵢ/term, and the parts sum to 1: at equal shares the term 1/Σ Cᵢhᵢ^γᵢ is
    // `term`, 0.3 to 0.7 nats.
    truth: ({ part, shared, domains, beside }) => {
      const term = 0.3 + 0.4 * shared;
      return Math.log(part / term) + beside("gamma") * Math.log(domains);
    },
  },
  gamma: {
    meaning: "exponent γᵢ of the mixture term",
    per: "domain",
    start: () => [0.3, 1.2],
    bounds: [0, 60],
    truth: [0.3, 0.8],
  },
};

/**
 * 1/Σ Cᵢhᵢ^γᵢ: the mixture term of Shukor et al. 2025, eq. 2.4. `lnFactor` is the logarithm of what
 * share i is multiplied by. Default: nothing.
 */
export const mixtureTerm = (x: LawVariables, lnFactor?: (i: number) => Expr): Node =>
  div(
    1,
    sum(x.domains, (i) => {
      const [gamma, lnC] = [x.pd("gamma", i), x.pd("lnC", i)];
      const scale = lnFactor === undefined ? lnC : add(lnC, mul(gamma, lnFactor(i)));
      return sharePower(x.h(i), gamma, scale);
    }),
  );

/** The term in the syntax of formulas, over reported parameters. */
export const MIXTURE_FORM = "1/sum(C[i]*h[i]^gamma[i])";

/** Cᵢ and γᵢ as reported. */
export const reportMixture = (c: CoordinateValues) => ({
  C: c.perDomain((i) => Math.exp(c.values("lnC")[i])),
  gamma: c.perDomain((i) => c.values("gamma")[i]),
});
