/** L = E + A/N^α + B/D^β — Hoffmann et al. 2022, arXiv 2203.15556, eq. 10. */
import { add } from "../../../expr/graph.ts";
import { defineLaw } from "../../law.ts";
import { centered } from "../../chart.ts";
import { exponent, irreducible, logCoefficient, powerTerm } from "../../terms.ts";

export const chinchilla = defineLaw({
  name: "chinchilla",
  equation: "L = E + A/N^α + B/D^β",
  source: "Hoffmann et al. 2022, arXiv 2203.15556, eq. 10",
  about: "model size and tokens, no mixture",
  uses: { params: true, tokens: true, weights: false },
  parameters: () => ({
    E: irreducible,
    lnA: logCoefficient("ln A, size term", centered("A", "alpha", "params")),
    alpha: exponent("exponent α of N"),
    lnB: logCoefficient("ln B, token term", centered("B", "beta", "tokens")),
    beta: exponent("exponent β of D"),
  }),
  loss: ({ p, lnN, lnD }) =>
    add(add(p("E"), powerTerm(p("lnA"), p("alpha"), lnN)), powerTerm(p("lnB"), p("beta"), lnD)),
  report: (c) => ({
    E: c.of("E"),
    A: Math.exp(c.of("lnA") + c.of("alpha") * c.lnUnit("params")),
    alpha: c.of("alpha"),
    B: Math.exp(c.of("lnB") + c.of("beta") * c.lnUnit("tokens")),
    beta: c.of("beta"),
  }),
  units: "absolute",
  contains: {},
});
