/**
 * L = E + 1/Σ Cᵢhᵢ^γᵢ: the mixture term alone, for runs of one size and one token count — Shukor et
 * al. 2025, arXiv 2507.09404.
 */
import { add } from "../../../expr/graph.ts";
import { defineLaw } from "../../law.ts";
import { irreducible } from "../../terms/shared-parameters.ts";
import {
  MIXTURE_FORM,
  mixtureParameters,
  mixtureTerm,
  reportMixture,
} from "../../terms/mixture-term.ts";

export const mixture = defineLaw({
  name: "mixture",
  equation: "L = E + 1/Σᵢ Cᵢhᵢ^γᵢ",
  source: "Shukor et al. 2025, arXiv 2507.09404, eq. 2.4 at one (N, D)",
  about: "mixture alone, at one size and token count",
  uses: { params: false, tokens: false, weights: true },
  parameters: () => ({ E: irreducible, ...mixtureParameters }),
  loss: (x) => add(x.p("E"), mixtureTerm(x)),
  report: (c) => ({ E: c.value("E"), ...reportMixture(c) }),
  form: () => ({ equations: [`L = E + ${MIXTURE_FORM}`] }),
  units: "absolute",
  contains: {},
});
