/**
 * L = E + 1/Σ Cᵢhᵢ^γᵢ + B/D^β: mixture and tokens, for runs of one size — Shukor et al. 2025, arXiv
 * 2507.09404.
 */
import { add } from "../../../expr/graph.ts";
import { defineLaw } from "../../law.ts";
import { irreducible, powerTerm, tokenParameters } from "../../terms/shared-parameters.ts";
import {
  MIXTURE_FORM,
  mixtureParameters,
  mixtureTerm,
  reportMixture,
} from "../../terms/mixture-term.ts";

export const mixtureTokens = defineLaw({
  name: "mixture-tokens",
  equation: "L = E + 1/Σᵢ Cᵢhᵢ^γᵢ + B/D^β",
  source: "Shukor et al. 2025, arXiv 2507.09404, eq. 2.4 at one N",
  about: "mixture and tokens, at one size",
  uses: { params: false, tokens: true, weights: true },
  parameters: () => ({
    E: irreducible,
    ...tokenParameters,
    ...mixtureParameters,
  }),
  loss: (x) => add(add(x.p("E"), mixtureTerm(x)), powerTerm(x.p("lnB"), x.p("beta"), x.lnD)),
  report: (c) => ({
    E: c.value("E"),
    B: Math.exp(c.value("lnB") + c.value("beta") * c.lnUnit("tokens")),
    beta: c.value("beta"),
    ...reportMixture(c),
  }),
  form: () => ({ equations: [`L = E + ${MIXTURE_FORM} + B/tokens^beta`] }),
  units: "absolute",
  contains: {},
});
