/**
 * What repeated tokens are worth — Muennighoff et al. 2023, arXiv 2305.16264, section 3, for each
 * domain: r epochs count as r where r ≤ 1, and else as 1 + R_D(1 − e^(−(r − 1)/R_D)).
 */
import { exp, log, log1pc, max, mul, neg, type Node, phi1, sub, sum } from "../../expr/graph.ts";
import type { LawVariables } from "../law.ts";
import { exponential } from "../parameters/chart.ts";
import type { ParameterSpec } from "../parameters/parameter-spec.ts";
import { scalar } from "./shared-parameters.ts";

/** How often tokens can be repeated, common to all domains. */
export const repetitions: ParameterSpec = scalar(
  "ln R_D, how often tokens can be repeated",
  [Math.log(1), Math.log(50)],
  [Math.log(1e-3), Math.log(1e5)],
  [Math.log(3), Math.log(15)],
  exponential("R_D"),
);

/**
 * ln of what a token of domain i is worth beside one that is seen once: effective over actual
 * epochs, 1 up to one epoch. With q = 1/R_D and e epochs beyond the first, R_D(1 − e^(−qe)) =
 * e·φ₁(−qe).
 */
export function lnWorth(x: LawVariables, i: number): Node {
  const epochs = x.epochs(i);
  const repeats = max(sub(epochs, 1), 0);
  const gained = mul(repeats, phi1(neg(mul(exp(neg(x.p("lnRD"))), repeats))));
  return sub(mul(gained, log1pc(gained)), log(max(epochs, 1)));
}

/** ln(D_eff/D), D_eff = Σ hᵢ·D·worthᵢ; 0 where nothing is repeated. */
export const lnEffective = (x: LawVariables): Node =>
  log(sum(x.domains, (i) => mul(x.h(i), exp(lnWorth(x, i)))));

/** The worth of a token of domain i in the syntax of formulas; E is h[i]*tokens/u[i]. */
export const WORTH_FORM =
  "(1 + R_D*(1 - exp(-max(h[i]*tokens/u[i] - 1, 0)/R_D)))/max(h[i]*tokens/u[i], 1)";
