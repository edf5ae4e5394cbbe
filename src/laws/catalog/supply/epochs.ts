/**
 * L = φ + exp(β₀ − Σ αᵢF(Eᵢ) + Σ γᵢH(Eᵢ)), Eᵢ = hᵢD/Uᵢ epochs of domain i, F(E) = 1 − e^(−(ρE)^p)
 * what seeing its tokens gains, H(E) = softplus(ln(1 + E) − τ)² what repeating them harms, at one N
 * and D — MARINER, arXiv 2606.18663.
 */
import {
  add,
  exp,
  log,
  log1pc,
  min,
  mul,
  neg,
  type Node,
  sharePower,
  sub,
  sum,
} from "../../../expr/graph.ts";
import { defineLaw, type LawVariables, reportCharts } from "../../law.ts";
import { exponential } from "../../parameters/chart.ts";
import type { ParameterSpec } from "../../parameters/parameter-spec.ts";
import { irreducible, reducible, scalar } from "../../terms/shared-parameters.ts";

/** Exponents beyond this are cut, since e to them is no float32. */
const MOST = 80;

/** αᵢ or γᵢ: at least 0, and together about `whole`. */
const weightOf = (meaning: string, whole: number): ParameterSpec => ({
  meaning,
  per: "domain",
  start: (_, k) => [0, (2 * whole) / k],
  bounds: [0, 1e3],
  drawnTo: "zero",
  truth: ({ part }) => whole * part,
});

const parameters = () => ({
  phi: { ...irreducible, meaning: "irreducible loss φ" },
  beta0: {
    meaning: "β₀, ln of the reducible loss without any data",
    per: "law" as const,
    start: (s: Parameters<ParameterSpec["start"]>[0]) =>
      [Math.log(reducible(s)), Math.log(reducible(s)) + 2] as const,
    bounds: [-60, 60] as const,
    truth: [0.6, 1.2] as const,
  },
  alpha: weightOf("αᵢ, what seeing the tokens of domain i gains", 1.5),
  gamma: weightOf("γᵢ, what repeating the tokens of domain i harms", 0.4),
  lnRho: scalar(
    "ln ρ, gains per epoch",
    [Math.log(0.2), Math.log(5)],
    [-12, 12],
    [Math.log(0.5), Math.log(2)],
    exponential("rho"),
  ),
  p: scalar("exponent p of the epochs", [0.4, 1.5], [0.02, 10], [0.6, 1.2]),
  tau: scalar("τ, ln(1 + epochs) from which repetition harms", [0.5, 3], [-10, 20], [1, 2]),
});

/** softplus(z) = ln(1 + e^z). */
function softplus(z: Node): Node {
  const power = exp(min(z, MOST));
  return mul(power, log1pc(power));
}

/** β₀ − Σ αᵢF(Eᵢ) + Σ γᵢH(Eᵢ). */
function exponentOf(x: LawVariables): Node {
  const gains = sum(x.domains, (i) => {
    const power = sharePower(x.epochs(i), x.p("p"), mul(x.p("p"), x.p("lnRho")));
    return mul(x.pd("alpha", i), sub(1, exp(neg(power))));
  });
  const harms = sum(x.domains, (i) => {
    const excess = softplus(sub(log(add(1, x.epochs(i))), x.p("tau")));
    return mul(x.pd("gamma", i), mul(excess, excess));
  });
  return add(sub(x.p("beta0"), gains), harms);
}

export const epochs = defineLaw({
  name: "epochs",
  equation:
    "L = φ + exp(β₀ − Σᵢ αᵢF(hᵢD/Uᵢ) + Σᵢ γᵢH(hᵢD/Uᵢ)), F(E) = 1 − e^−(ρE)^p, H(E) = sp(ln(1 + E) − τ)²",
  source: "MARINER, arXiv 2606.18663",
  about:
    "epochs of each domain, at one N and D: what seeing tokens gains and repeating them harms; sp is the softplus",
  uses: { params: false, tokens: true, weights: true, supply: true },
  parameters,
  loss: (x) => add(x.p("phi"), exp(min(exponentOf(x), MOST))),
  report: (c) => reportCharts(parameters(), c),
  form: () => ({
    equations: [
      "L = phi + exp(beta0 - sum(alpha[i]*(1 - exp(-(rho*h[i]*tokens/u[i])^p))) + sum(gamma[i]*log(1 + exp(log(1 + h[i]*tokens/u[i]) - tau))^2))",
    ],
  }),
  units: "absolute",
  contains: {},
});
