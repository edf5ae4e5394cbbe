/**
 * L = c + (g/G^γ + a)/N^α + b/D^β, G the granularity: how many times smaller an expert is than a
 * feed-forward layer — Krajewski et al. 2024, Scaling Laws for Fine-Grained Mixture of Experts,
 * arXiv 2402.07871.
 */
import { add, exp, mul, neg, sub } from "../../../expr/graph.ts";
import { defineLaw, reportCharts } from "../../law.ts";
import { centered } from "../../parameters/chart.ts";
import { exponent, irreducible, logCoefficient, powerTerm } from "../../terms/shared-parameters.ts";

const parameters = () => ({
  c: { ...irreducible, meaning: "irreducible loss c", truth: [0.4, 0.8] as const },
  lna: {
    ...logCoefficient("ln a, size term", centered("a", { params: "alpha" })),
    truth: [0, 0.4] as const,
  },
  alpha: { ...exponent("exponent α of N"), truth: [0.1, 0.15] as const },
  lng: {
    ...logCoefficient(
      "ln g, what coarse experts cost",
      centered("g", { params: "alpha", granularity: "gamma" }),
    ),
    truth: [-2.8, -2] as const,
  },
  gamma: { ...exponent("exponent γ of G"), truth: [0.4, 0.8] as const },
  lnb: {
    ...logCoefficient("ln b, token term", centered("b", { tokens: "beta" })),
    truth: [-0.1, 0.3] as const,
  },
  beta: { ...exponent("exponent β of D"), truth: [0.12, 0.18] as const },
});

export const granularity = defineLaw({
  name: "granularity",
  equation: "L = c + (g/G^γ + a)/N^α + b/D^β",
  source: "Krajewski et al. 2024, arXiv 2402.07871",
  about: "mixtures of fine-grained experts: N all parameters, G the granularity of the experts",
  uses: {
    params: true,
    tokens: true,
    weights: false,
    inputs: [
      {
        name: "granularity",
        symbol: "G",
        meaning: "granularity G of the experts, at least 1",
        values: "positive",
        typical: [1, 2, 4, 8, 16],
      },
    ],
  },
  parameters,
  loss: (x) => {
    const { p, lnN, lnD } = x;
    x.guard({
      node: sub(x.input("granularity"), 1),
      needs: "nonnegative",
      operation: "g/G^γ",
      operand: "granularity - 1",
    });
    const coarse = exp(sub(p("lng"), mul(p("gamma"), x.ln("granularity"))));
    const sizes = mul(add(coarse, exp(p("lna"))), exp(neg(mul(p("alpha"), lnN))));
    return add(add(p("c"), sizes), powerTerm(p("lnb"), p("beta"), lnD));
  },
  report: (c) => reportCharts(parameters(), c),
  form: () => ({ equations: ["L = c + (g/granularity^gamma + a)/params^alpha + b/tokens^beta"] }),
  units: "absolute",
  contains: {},
});
