/** L = E + A/N^α·(1 + c·D^−β): an example, not a published law. */
import { add, mul } from "../../src/expr/graph.ts";
import { defineLaw, reportCharts } from "../../src/laws/law.ts";
import { centered } from "../../src/laws/parameters/chart.ts";
import {
  exponent,
  irreducible,
  logCoefficient,
  powerTerm,
} from "../../src/laws/terms/shared-parameters.ts";

const parameters = () => ({
  E: irreducible,
  lnA: logCoefficient("ln A, size term", centered("A", { params: "alpha" })),
  alpha: exponent("exponent α of N"),
  lnc: {
    ...logCoefficient("ln c, what few tokens cost", centered("c", { tokens: "beta" })),
    start: () => [-2, 1] as const,
  },
  beta: exponent("exponent β of D"),
});

export const ratio = defineLaw({
  name: "ratio",
  equation: "L = E + A/N^α·(1 + c/D^β)",
  source: "docs/laws.md",
  about: "an example: tokens matter in proportion to the size term",
  uses: { params: true, tokens: true, weights: false },
  parameters,
  loss: ({ p, lnN, lnD }) =>
    add(
      p("E"),
      mul(powerTerm(p("lnA"), p("alpha"), lnN), add(1, powerTerm(p("lnc"), p("beta"), lnD))),
    ),
  report: (c) => reportCharts(parameters(), c),
  form: () => ({ equations: ["L = E + A/params^alpha*(1 + c/tokens^beta)"] }),
  units: "absolute",
  contains: {},
});
