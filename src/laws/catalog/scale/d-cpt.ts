/**
 * L = E + A/N^α + B·r^η/D^β + C/(r + ε)^γ, r the share of the domain in continued pretraining — Que
 * et al. 2024, D-CPT law, arXiv 2406.01375.
 */
import { add, exp, log, mul, step, sub } from "../../../expr/graph.ts";
import { defineLaw, reportCharts } from "../../law.ts";
import { centered, exponential } from "../../parameters/chart.ts";
import {
  exponent,
  irreducible,
  logCoefficient,
  powerTerm,
  sizeParameters,
  tokenParameters,
} from "../../terms/shared-parameters.ts";

const parameters = () => ({
  E: irreducible,
  ...sizeParameters,
  lnB: { ...tokenParameters.lnB, chart: centered("B", { tokens: "beta" }, { ratio: "eta" }) },
  eta: {
    ...exponent("exponent η of the share, beside D"),
    start: () => [0, 0.6] as const,
    truth: [0.1, 0.4] as const,
  },
  beta: tokenParameters.beta,
  lnC: {
    ...logCoefficient("ln C, term of the share", exponential("C")),
    truth: [-2.3, -1.2] as const,
  },
  lnEpsilon: {
    meaning: "ln ε beside the share",
    per: "law" as const,
    chart: exponential("epsilon"),
    start: () => [-5, 0] as const,
    bounds: [-12, 3] as const,
    truth: [-3, -1.2] as const,
  },
  gamma: { ...exponent("exponent γ of the share"), truth: [0.2, 0.6] as const },
});

export const dcpt = defineLaw({
  name: "d-cpt",
  equation: "L = E + A/N^α + B·r^η/D^β + C/(r + ε)^γ",
  source: "Que et al. 2024, arXiv 2406.01375",
  about: "continued pretraining with a share r of the domain's data",
  uses: {
    params: true,
    tokens: true,
    weights: false,
    inputs: [
      {
        name: "ratio",
        symbol: "r",
        meaning: "share r of the domain's data",
        values: "nonnegative",
        typical: [0.05, 0.1, 0.2, 0.33, 0.5, 0.8, 1],
      },
    ],
  },
  parameters,
  loss: (x) => {
    const r = x.input("ratio");
    // At r = 0 the token term is 0, with derivative 0.
    const tokens = mul(
      step(r),
      exp(sub(add(x.p("lnB"), mul(x.p("eta"), x.ln("ratio"))), mul(x.p("beta"), x.lnD))),
    );
    const share = exp(sub(x.p("lnC"), mul(x.p("gamma"), log(add(r, exp(x.p("lnEpsilon")))))));
    return add(add(x.p("E"), powerTerm(x.p("lnA"), x.p("alpha"), x.lnN)), add(tokens, share));
  },
  report: (c) => reportCharts(parameters(), c),
  form: () => ({
    equations: ["L = E + A/params^alpha + B*ratio^eta/tokens^beta + C/(ratio + epsilon)^gamma"],
  }),
  units: "absolute",
  contains: {},
});
