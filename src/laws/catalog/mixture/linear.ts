/**
 * L = b + Σ wᵢhᵢ: the linear regression that RegMix compares with — Liu et al. 2024, arXiv
 * 2407.01492.
 */
import { mul, sum } from "../../../expr/graph.ts";
import { defineLaw } from "../../law.ts";

export const linear = defineLaw({
  name: "linear",
  equation: "L = b + Σᵢ wᵢhᵢ",
  source: "Liu et al. 2024, RegMix, arXiv 2407.01492 (its baseline)",
  about:
    "mixture alone, a plane; one of b and the wᵢ can be chosen, since shares sum to 1: Σwᵢ = 0 here",
  uses: { params: false, tokens: false, weights: true },
  // The coordinates are b + wᵢ: shares sum to 1, so that b need not be apart.
  parameters: () => ({
    pure: {
      meaning: "loss b + wᵢ at the pure mixture of domain i",
      per: "domain",
      start: (s) => [s.min, s.max],
      truth: [2.2, 3.2],
    },
  }),
  loss: (x) => sum(x.domains, (i) => mul(x.h(i), x.pd("pure", i))),
  report: (c) => {
    const pure = c.values("pure");
    const b = pure.reduce((x, y) => x + y, 0) / pure.length;
    return { b, w: c.perDomain((i) => pure[i] - b), pure: c.perDomain((i) => pure[i]) };
  },
  form: () => ({ equations: ["L = b + sum(w[i]*h[i])"] }),
  units: "absolute",
  contains: {},
});
