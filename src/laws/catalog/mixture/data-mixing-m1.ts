/**
 * L = E + Σ Cᵢexp(γᵢhᵢ), "M1" — Ye et al. 2024, arXiv 2403.16952; as restated by Shukor et al.
 * 2025, arXiv 2507.09404, appendix B. Written with slopes: Cᵢ(e^(γᵢhᵢ) − 1) = sᵢhᵢ·φ₁(γᵢhᵢ), sᵢ =
 * Cᵢγᵢ, which is smooth through γᵢ = 0, where the term is linear (and E and Cᵢ infinite).
 */
import { defineLaw } from "../../law.ts";
import { add, div, exp, mul, phi1, sub, sum, withForm } from "../../../expr/graph.ts";
import { slope } from "../../terms/shared-parameters.ts";

export const dataMixingM1 = defineLaw({
  name: "data-mixing-m1",
  equation: "L = E + Σᵢ Cᵢexp(γᵢhᵢ)",
  source: "Ye et al. 2024, arXiv 2403.16952 (M1)",
  about: "mixture alone, one exponential for each domain",
  uses: { params: false, tokens: false, weights: true },
  parameters: () => ({
    base: {
      meaning: "loss E + ΣCᵢ where no domain has a share",
      per: "law",
      start: (s) => [s.min, s.max],
      truth: [2.8, 3.4],
    },
    slope: { ...slope("slope Cᵢγᵢ at a share of 0", "domain"), truth: [-1, 0.4] },
    gamma: {
      meaning: "rate γᵢ",
      per: "domain",
      start: () => [-5, 5],
      truth: [-4, -1],
      bounds: [-60, 60],
    },
  }),
  loss: (x) =>
    add(
      x.p("base"),
      sum(x.domains, (i) => {
        const [slopeOf, rate] = [x.pd("slope", i), mul(x.pd("gamma", i), x.h(i))];
        return withForm(
          mul(mul(slopeOf, x.h(i)), phi1(rate)),
          mul(div(slopeOf, x.pd("gamma", i)), sub(exp(rate), 1)),
        );
      }),
    ),
  report: (c) => {
    const [slopes, gamma] = [c.values("slope"), c.values("gamma")];
    const C = gamma.map((g, i) => (g === 0 ? null : slopes[i] / g));
    const isFinite = C.every((value) => value !== null);
    return {
      E: isFinite ? c.value("base") - C.reduce((a, b) => a + (b ?? 0), 0) : null,
      C: c.perDomain((i) => C[i]),
      gamma: c.perDomain((i) => gamma[i]),
      base: c.value("base"),
      slope: c.perDomain((i) => slopes[i]),
    };
  },
  form: () => ({ equations: ["L = base + sum(slope[i]*h[i]*phi1(gamma[i]*h[i]))"] }),
  units: "absolute",
  contains: {},
});
