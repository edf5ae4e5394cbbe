/**
 * L = E + C/N^β + B·N^δ/D_eff^α, D_eff = Σ τᵢhᵢDwᵢ, wᵢ what a token of domain i is worth after
 * hᵢD/Uᵢ epochs, the mean of ln τᵢ 0 — arXiv 2605.12715.
 *
 * Optimized is uᵢ = ln of B·N₀^δ/(τᵢD₀)^α, the token term at the pure mixture of domain i and the
 * data's center, which the data determine nearly apart from α. With m = Σ hᵢuᵢ the logarithm of the
 * token term is m − α·ln Σ hᵢwᵢe^(−(uᵢ − m)/α) + δ·ln N − α·ln D.
 */
import { add, div, exp, log, min, mul, type Node, sub, sum } from "../../../expr/graph.ts";
import { defineLaw, type LawVariables } from "../../law.ts";
import { centered } from "../../parameters/chart.ts";
import { lnWorth, repetitions, WORTH_FORM } from "../../terms/repetition.ts";
import {
  exponent,
  irreducible,
  logCoefficient,
  powerTerm,
  scalar,
} from "../../terms/shared-parameters.ts";
import { tokensOfPure } from "../mixture/joint.ts";

/** Exponents beyond this are cut, since e to them is no float32. */
const MOST = 80;

const parameters = () => ({
  E: irreducible,
  lnC: logCoefficient("ln C, size term", centered("C", { params: "beta" })),
  beta: exponent("exponent β of N in the size term"),
  uB: tokensOfPure(centered("pureB", { tokens: "alpha" }, { params: "delta" })),
  delta: scalar("exponent δ of N in the token term", [0, 0.4], [-10, 10], [0.05, 0.2]),
  alpha: { ...exponent("exponent α of the effective tokens"), bounds: [0.02, 10] as const },
  lnRD: repetitions,
});

/** ln of the token term at the data's center, over its value at the pure mixtures. */
function lnTokens(x: LawVariables): Node {
  const alpha = x.p("alpha");
  const mean = sum(x.domains, (i) => mul(x.h(i), x.pd("uB", i)));
  const relative = (i: number): Node => div(sub(mean, x.pd("uB", i)), alpha);
  const effective = sum(x.domains, (i) =>
    mul(x.h(i), exp(min(add(lnWorth(x, i), relative(i)), MOST))),
  );
  return sub(mean, mul(alpha, log(effective)));
}

export const repetition = defineLaw({
  name: "repetition",
  equation:
    "L = E + C/N^β + B·N^δ/(Σᵢ τᵢhᵢDwᵢ)^α, wᵢ the worth at hᵢD/Uᵢ epochs, the mean of ln τᵢ 0",
  source: "arXiv 2605.12715, in the form that marin fits",
  about:
    "size, tokens, mixture and supply: a token of domain i is worth τᵢ, and less when repeated; one domain's supply is unique_tokens",
  uses: { params: true, tokens: true, weights: true, supply: true },
  parameters,
  loss: (x) => {
    const tokens = exp(add(lnTokens(x), sub(mul(x.p("delta"), x.lnN), mul(x.p("alpha"), x.lnD))));
    return add(add(x.p("E"), powerTerm(x.p("lnC"), x.p("beta"), x.lnN)), tokens);
  },
  report: (c) => {
    const [alpha, delta, beta] = [c.value("alpha"), c.value("delta"), c.value("beta")];
    const shift = alpha * c.lnUnit("tokens") - delta * c.lnUnit("params");
    const pure = c.values("uB").map((u) => u + shift);
    const mean = pure.reduce((total, u) => total + u, 0) / pure.length;
    return {
      E: c.value("E"),
      C: Math.exp(c.value("lnC") + beta * c.lnUnit("params")),
      beta,
      B: Math.exp(mean),
      delta,
      alpha,
      R_D: Math.exp(c.value("lnRD")),
      tau: c.perDomain((i) => Math.exp((mean - pure[i]) / alpha)),
      pureB: c.perDomain((i) => Math.exp(pure[i])),
    };
  },
  form: () => ({
    equations: [
      "L = E + C/params^beta + B*params^delta/D_eff^alpha",
      `D_eff = tokens*sum(tau[i]*h[i]*${WORTH_FORM})`,
    ],
  }),
  units: "absolute",
  contains: {},
});
