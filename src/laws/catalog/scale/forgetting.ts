/**
 * L = L₀ + A·F^β/((1 + B·p)·N)^α: loss on pretraining data while finetuning on F tokens with a
 * share p of pretraining data injected — Bethune et al. 2025, arXiv 2502.06042.
 */
import { add, exp, log, mul, step, sub } from "../../../expr/graph.ts";
import { defineLaw, reportCharts } from "../../law.ts";
import { centered, exponential } from "../../parameters/chart.ts";
import { exponent, irreducible, logCoefficient } from "../../terms/shared-parameters.ts";
import { finetuningTokens } from "./finetuning.ts";

const parameters = () => ({
  L0: { ...irreducible, meaning: "loss L₀ before finetuning", truth: [2.2, 2.8] as const },
  lnA: {
    ...logCoefficient(
      "ln A, forgetting",
      centered("A", { params: "alpha" }, { ft_tokens: "beta" }),
    ),
    truth: [-2.3, -1.2] as const,
  },
  beta: exponent("exponent β of the finetuning tokens"),
  alpha: exponent("exponent α of N"),
  lnB: {
    meaning: "ln B, how many parameters' worth an injected share is",
    per: "law" as const,
    chart: exponential("B"),
    start: () => [Math.log(10), Math.log(1e5)] as const,
    bounds: [-20, 40] as const,
    truth: [Math.log(100), Math.log(3000)] as const,
  },
});

export const forgetting = defineLaw({
  name: "forgetting",
  equation: "L = L₀ + A·F^β/((1 + B·p)·N)^α",
  source: "Bethune et al. 2025, arXiv 2502.06042",
  about:
    "loss on pretraining data after finetuning on F tokens with a share p of pretraining data injected",
  uses: {
    params: true,
    tokens: false,
    weights: false,
    inputs: [
      finetuningTokens("nonnegative"),
      {
        name: "injected",
        symbol: "p",
        meaning: "share p of injected pretraining data",
        values: "nonnegative",
        typical: [0, 0.001, 0.01, 0.05],
      },
    ],
  },
  parameters,
  loss: (x) => {
    const kept = log(add(1, mul(exp(x.p("lnB")), x.input("injected"))));
    const size = mul(x.p("alpha"), add(x.lnN, kept));
    // F = 0 is the model before finetuning: nothing is forgotten.
    const forgotten = mul(
      step(x.input("ft_tokens")),
      exp(sub(add(x.p("lnA"), mul(x.p("beta"), x.ln("ft_tokens"))), size)),
    );
    return add(x.p("L0"), forgotten);
  },
  report: (c) => reportCharts(parameters(), c),
  form: () => ({ equations: ["L = L0 + A*ft_tokens^beta/((1 + B*injected)*params)^alpha"] }),
  units: "absolute",
  contains: {},
});
