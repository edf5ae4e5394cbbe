/**
 * L = E + A/(N^α·F^β): loss on the finetuning data after F tokens — Bethune et al. 2025, arXiv
 * 2502.06042.
 */
import { add, exp, mul, sub } from "../../../expr/graph.ts";
import { defineLaw, type LawInput, reportCharts } from "../../law.ts";
import { centered } from "../../parameters/chart.ts";
import { exponent, irreducible, logCoefficient } from "../../terms/shared-parameters.ts";

const parameters = () => ({
  E: { ...irreducible, truth: [1.6, 2] as const },
  lnA: {
    ...logCoefficient("ln A", centered("A", { params: "alpha", ft_tokens: "beta" })),
    truth: [-0.7, 0] as const,
  },
  alpha: exponent("exponent α of N"),
  beta: exponent("exponent β of the finetuning tokens"),
});

/** F, the tokens of finetuning; before any of them it is 0. */
export const finetuningTokens = (values: LawInput["values"]): LawInput => ({
  name: "ft_tokens",
  symbol: "F",
  meaning: "finetuning tokens F",
  values,
  typical: [1e7, 3e7, 1e8, 3e8, 1e9],
});

export const finetuning = defineLaw({
  name: "finetuning",
  equation: "L = E + A/(N^α·F^β)",
  source: "Bethune et al. 2025, arXiv 2502.06042",
  about: "loss on the finetuning data after F tokens of them",
  uses: {
    params: true,
    tokens: false,
    weights: false,
    inputs: [finetuningTokens("positive")],
  },
  parameters,
  loss: ({ p, lnN, ln }) =>
    add(p("E"), exp(sub(sub(p("lnA"), mul(p("alpha"), lnN)), mul(p("beta"), ln("ft_tokens"))))),
  report: (c) => reportCharts(parameters(), c),
  form: () => ({ equations: ["L = E + A/(params^alpha*ft_tokens^beta)"] }),
  units: "absolute",
  contains: {},
});
