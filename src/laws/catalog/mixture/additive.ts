/** L = E + 1/Σ Cᵢhᵢ^γᵢ + A/N^α + B/D^β — Shukor et al. 2025, arXiv 2507.09404, eq. 2.4. */
import { add } from "../../../expr/graph.ts";
import { chinchilla } from "../scale/chinchilla.ts";
import { defineLaw } from "../../law.ts";
import {
  MIXTURE_FORM,
  mixtureParameters,
  mixtureTerm,
  reportMixture,
} from "../../terms/mixture-term.ts";

export const additive = defineLaw({
  name: "additive",
  equation: "L = E + 1/Σᵢ Cᵢhᵢ^γᵢ + A/N^α + B/D^β",
  source: "Shukor et al. 2025, arXiv 2507.09404, eq. 2.4",
  about: "mixture, size and tokens; the best mixture is the same at every scale",
  uses: { params: true, tokens: true, weights: true },
  parameters: (options) => ({ ...chinchilla.parameters(options), ...mixtureParameters }),
  loss: (x) => add(chinchilla.loss(x), mixtureTerm(x)),
  report: (c) => ({ ...chinchilla.report(c), ...reportMixture(c) }),
  form: () => ({ equations: [`L = E + ${MIXTURE_FORM} + A/params^alpha + B/tokens^beta`] }),
  units: "absolute",
  contains: {},
});
