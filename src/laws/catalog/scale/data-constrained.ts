/**
 * L = E + A/N'^α + B/D'^β with repeated tokens and excess parameters worth less and less —
 * Muennighoff et al. 2023, arXiv 2305.16264, section 3: D' = U + U·R_D(1 − e^(−(D/U − 1)/R_D)) for
 * U unique tokens; N' alike from U_N, the size that is optimal for U tokens: αA/U_N^α = βB/U^β.
 */
import { defineLaw, reportCharts, type LawVariables } from "../../law.ts";
import type { ParameterSpec } from "../../parameters/parameter-spec.ts";
import { exponential } from "../../parameters/chart.ts";
import {
  exponent,
  irreducible,
  powerTerm,
  scalar,
  sizeParameters,
  tokenParameters,
} from "../../terms/shared-parameters.ts";
import {
  add,
  div,
  exp,
  type Expr,
  log,
  log1pc,
  max,
  min,
  mul,
  neg,
  type Node,
  phi1,
  sub,
} from "../../../expr/graph.ts";

const repetitionsOf = (symbol: string, meaning: string): ParameterSpec =>
  scalar(
    meaning,
    [Math.log(1), Math.log(50)],
    [Math.log(1e-3), Math.log(1e5)],
    [Math.log(3), Math.log(15)],
    exponential(symbol),
  );

const parameters = () => ({
  E: irreducible,
  lnA: sizeParameters.lnA,
  alpha: { ...exponent("exponent α of N'"), bounds: [0.02, 10] as const },
  lnB: tokenParameters.lnB,
  beta: { ...exponent("exponent β of D'"), bounds: [0.02, 10] as const },
  lnRD: repetitionsOf("R_D", "ln R_D*, how often tokens can be repeated"),
  lnRN: repetitionsOf("R_N", "ln R_N*, how many times the optimal size pays"),
});

/**
 * What an excess of r ≥ 0 repetitions is worth: ln(1 + R(1 − e^(−r/R))). With q = 1/R: R(1 −
 * e^(−qr)) = r·φ₁(−qr).
 */
function worth(r: Expr, lnR: Expr): Node {
  const gained = mul(r, phi1(neg(mul(exp(neg(lnR)), r))));
  return mul(gained, log1pc(gained));
}

/** ln(N'/N₀) and ln(D'/D₀). */
function effective(x: LawVariables): { sizes: Node; tokens: Node } {
  const [n, d, u] = [x.input("params"), x.input("tokens"), x.input("unique_tokens")];
  const unique = min(u, d);
  const lnU = sub(log(unique), x.lnUnit("tokens"));
  const tokens = add(lnU, worth(max(sub(div(d, unique), 1), 0), x.p("lnRD")));
  const optimal = div(
    add(
      mul(x.p("beta"), lnU),
      sub(add(log(x.p("alpha")), x.p("lnA")), add(log(x.p("beta")), x.p("lnB"))),
    ),
    x.p("alpha"),
  );
  const lnN = sub(log(n), x.lnUnit("params"));
  const least = min(optimal, lnN);
  return { sizes: add(least, worth(sub(exp(min(sub(lnN, least), 40)), 1), x.p("lnRN"))), tokens };
}

export const dataConstrained = defineLaw({
  name: "data-constrained",
  equation:
    "L = E + A/N'^α + B/D'^β, D' = U + U·R_D(1 − e^(−(D/U−1)/R_D)), N' = U_N + U_N·R_N(1 − e^(−(N/U_N−1)/R_N))",
  source: "Muennighoff et al. 2023, arXiv 2305.16264, section 3",
  about:
    "repeated tokens: U unique tokens seen D/U times; U_N is the size that is optimal for U tokens (or N where that is less)",
  uses: {
    params: true,
    tokens: true,
    weights: false,
    inputs: [
      {
        name: "unique_tokens",
        symbol: "U",
        meaning: "unique tokens U",
        values: "positive",
        typical: [1e8, 4e8, 1.5e9, 6e9],
      },
    ],
  },
  parameters,
  loss: (x) => {
    const { sizes, tokens } = effective(x);
    return add(
      add(x.p("E"), powerTerm(x.p("lnA"), x.p("alpha"), sizes)),
      powerTerm(x.p("lnB"), x.p("beta"), tokens),
    );
  },
  report: (c) => reportCharts(parameters(), c),
  form: () => ({
    equations: [
      "L = E + A/N_eff^alpha + B/D_eff^beta",
      "D_eff = U + U*R_D*(1 - exp(-(tokens/U - 1)/R_D))",
      "N_eff = U_N + U_N*R_N*(1 - exp(-(params/U_N - 1)/R_N))",
      "U = min(unique_tokens, tokens)",
      "U_N = min(params, (alpha*A*U^beta/(beta*B))^(1/alpha))",
    ],
  }),
  units: "absolute",
  contains: {},
});
