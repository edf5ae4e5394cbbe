/**
 * L = E + C·Σ exp(γᵢhᵢ), "M2" — Ye et al. 2024, arXiv 2403.16952; as restated by Shukor et al.
 * 2025, arXiv 2507.09404, appendix B. Written with slopes sᵢ = Cγᵢ and q = 1/C: C(e^(γᵢhᵢ) − 1) =
 * sᵢhᵢ·φ₁(q·sᵢhᵢ), which is the linear law at q = 0 (where C is infinite).
 */
import { defineLaw } from "../../law.ts";
import { reciprocal } from "../../parameters/chart.ts";
import { add, div, exp, mul, phi1, sub, sum, withForm } from "../../../expr/graph.ts";
import { slope } from "../../terms/shared-parameters.ts";

export const dataMixingM2 = defineLaw({
  name: "data-mixing-m2",
  equation: "L = E + C·Σᵢ exp(γᵢhᵢ)",
  source: "Ye et al. 2024, arXiv 2403.16952 (M2)",
  about: "mixture alone, exponentials of one size",
  uses: { params: false, tokens: false, weights: true },
  parameters: () => ({
    base: {
      meaning: "loss E + kC where no domain has a share",
      per: "law",
      start: (s) => [s.min, s.max],
      truth: [2.8, 3.4],
    },
    slope: { ...slope("slope Cγᵢ at a share of 0", "domain"), truth: [-1, 0.4] },
    q: {
      meaning: "curvature 1/C",
      per: "law",
      chart: reciprocal("C"),
      start: () => [-1, 1],
      truth: [0.5, 2],
      bounds: [-50, 50],
    },
  }),
  loss: (x) =>
    add(
      x.p("base"),
      sum(x.domains, (i) => {
        const rise = mul(x.pd("slope", i), x.h(i));
        const exponent = mul(x.p("q"), rise);
        return withForm(mul(rise, phi1(exponent)), div(sub(exp(exponent), 1), x.p("q")));
      }),
    ),
  report: (c) => {
    const q = c.value("q");
    return {
      E: q === 0 ? null : c.value("base") - c.domains.length / q,
      C: q === 0 ? null : 1 / q,
      gamma: c.perDomain((i) => q * c.values("slope")[i]),
      base: c.value("base"),
      slope: c.perDomain((i) => c.values("slope")[i]),
    };
  },
  form: () => ({ equations: ["L = base + sum(slope[i]*h[i]*phi1(gamma[i]*h[i]))"] }),
  units: "absolute",
  contains: {},
});
