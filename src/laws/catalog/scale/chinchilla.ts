/** L = E + A/N^α + B/D^β — Hoffmann et al. 2022, arXiv 2203.15556, eq. 10. */
import { add } from "../../../expr/graph.ts";
import { defineLaw } from "../../law.ts";
import {
  irreducible,
  powerTerm,
  sizeParameters,
  tokenParameters,
} from "../../terms/shared-parameters.ts";

export const chinchilla = defineLaw({
  name: "chinchilla",
  equation: "L = E + A/N^α + B/D^β",
  source: "Hoffmann et al. 2022, arXiv 2203.15556, eq. 10",
  about: "model size and tokens, no mixture",
  uses: { params: true, tokens: true, weights: false },
  parameters: () => ({
    E: irreducible,
    ...sizeParameters,
    ...tokenParameters,
  }),
  loss: ({ p, lnN, lnD }) =>
    add(add(p("E"), powerTerm(p("lnA"), p("alpha"), lnN)), powerTerm(p("lnB"), p("beta"), lnD)),
  report: (c) => ({
    E: c.value("E"),
    A: Math.exp(c.value("lnA") + c.value("alpha") * c.lnUnit("params")),
    alpha: c.value("alpha"),
    B: Math.exp(c.value("lnB") + c.value("beta") * c.lnUnit("tokens")),
    beta: c.value("beta"),
  }),
  form: () => ({ equations: ["L = E + A/params^alpha + B/tokens^beta"] }),
  units: "absolute",
  contains: {},
});
