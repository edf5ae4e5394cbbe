/**
 * L = e + a/N^α + b/D^β + c/(1−S)^λ + d/((1−S)^δ·N^γ), S the share of inactive experts — Abnar et
 * al. 2025, arXiv 2501.12370.
 */
import { add, exp, log, mul, sub } from "../../../expr/graph.ts";
import { defineLaw, reportCharts } from "../../law.ts";
import { centered, exponential } from "../../parameters/chart.ts";
import {
  exponent,
  irreducible,
  logCoefficient,
  powerTerm,
  scalar,
} from "../../terms/shared-parameters.ts";

const parameters = () => ({
  e: { ...irreducible, meaning: "irreducible loss e", truth: [1, 1.5] as const },
  lna: {
    ...logCoefficient("ln a, size term", centered("a", { params: "alpha" })),
    truth: [-1.4, -0.7] as const,
  },
  alpha: exponent("exponent α of N"),
  lnb: {
    ...logCoefficient("ln b, token term", centered("b", { tokens: "beta" })),
    truth: [-1.4, -0.5] as const,
  },
  beta: exponent("exponent β of D"),
  lnc: { ...logCoefficient("ln c, sparsity term", exponential("c")), truth: [-1.6, -0.7] as const },
  lambda: scalar(
    "exponent λ of the active share 1 − S, of either sign",
    [-0.4, 0.6],
    [-10, 10],
    [-0.2, 0.1],
  ),
  lnd: {
    ...logCoefficient("ln d, term of size and sparsity", centered("d", { params: "gamma" })),
    truth: [-2.3, -1.2] as const,
  },
  delta: scalar("exponent δ of the active share beside N", [-0.4, 0.6], [-10, 10], [0.05, 0.25]),
  gamma: { ...exponent("exponent γ of N beside the active share"), truth: [0.1, 0.3] as const },
});

export const moeSparsity = defineLaw({
  name: "moe-sparsity",
  equation: "L = e + a/N^α + b/D^β + c/(1−S)^λ + d/((1−S)^δ·N^γ)",
  source: "Abnar et al. 2025, arXiv 2501.12370",
  about:
    "mixtures of experts: N all parameters, S the share of experts that are inactive for a token",
  uses: {
    params: true,
    tokens: true,
    weights: false,
    inputs: [
      {
        name: "sparsity",
        symbol: "S",
        meaning: "share S of inactive experts, below 1",
        values: "nonnegative",
        typical: [0, 0.5, 0.75, 0.9, 0.95],
        active: (S) => 1 - S,
      },
    ],
  },
  parameters,
  loss: (x) => {
    const { p, lnN, lnD } = x;
    const active = sub(1, x.input("sparsity"));
    const ln = log(
      x.guard({
        node: active,
        needs: "positive",
        operation: "ln(1 - sparsity)",
        operand: "1 - sparsity",
      }),
    );
    const sizes = add(powerTerm(p("lna"), p("alpha"), lnN), powerTerm(p("lnb"), p("beta"), lnD));
    const sparse = exp(sub(p("lnc"), mul(p("lambda"), ln)));
    const both = exp(sub(sub(p("lnd"), mul(p("gamma"), lnN)), mul(p("delta"), ln)));
    return add(add(p("e"), sizes), add(sparse, both));
  },
  report: (c) => reportCharts(parameters(), c),
  form: () => ({
    equations: [
      "L = e + a/params^alpha + b/tokens^beta + c/(1 - sparsity)^lambda + d/((1 - sparsity)^delta*params^gamma)",
    ],
  }),
  units: "absolute",
  contains: {},
});
