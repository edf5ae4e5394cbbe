/** L = exp(c) + exp(Σ tᵢhᵢ), the log-linear law of olmix: data-mixing with a positive constant. */
import { add } from "../../../expr/graph.ts";
import { exponentialOf, exponentialTerm } from "./data-mixing.ts";
import { defineLaw } from "../../law.ts";
import { irreducible } from "../../terms/shared-parameters.ts";

export const logLinear = defineLaw({
  name: "log-linear",
  equation: "L = exp(c) + exp(Σᵢ tᵢhᵢ)",
  source: "olmix, https://github.com/allenai/olmix",
  about: "mixture alone, one exponential over a positive constant",
  uses: { params: false, tokens: false, weights: true },
  parameters: () => ({
    E: { ...irreducible, meaning: "constant exp(c)" },
    u: { ...exponentialTerm, truth: [-0.5, 0.5] },
  }),
  loss: (x) => add(x.p("E"), exponentialOf(x)),
  report: (c) => ({
    E: c.value("E"),
    c: c.value("E") > 0 ? Math.log(c.value("E")) : null,
    t: c.perDomain((i) => c.values("u")[i]),
    pure: c.perDomain((i) => Math.exp(c.values("u")[i])),
  }),
  form: () => ({ equations: ["L = E + exp(sum(t[i]*h[i]))"] }),
  units: "absolute",
  contains: {},
});
