/**
 * The published formulas, written a second time: plain arithmetic on reported parameters, no
 * graphs, no centering, no power means.
 */
import type { Reported } from "../../src/laws/parameters/parameters.ts";

/** Reported numbers by name: scalars, and one value a domain. */
class Parameters {
  constructor(
    readonly reported: Reported,
    readonly h: readonly number[],
  ) {}

  one(name: string): number {
    const value = this.reported[name];
    if (typeof value !== "number") throw new Error(`${name} is not a number`);
    return value;
  }

  each(name: string): number[] {
    const value = this.reported[name];
    if (typeof value !== "object" || value === null) throw new Error(`${name} is not one a domain`);
    return Object.values(value).map((x) => x ?? NaN);
  }

  /** (Σ Cᵢhᵢ)^γ */
  sumPower(C: string, gamma: string): number {
    return this.each(C).reduce((sum, c, i) => sum + c * this.h[i], 0) ** this.one(gamma);
  }

  /** 1/Σ Cᵢhᵢ^γᵢ; 0^γ is 0 for an absent domain, whatever its γ. */
  mixtureTerm(): number {
    const gamma = this.each("gamma");
    return (
      1 /
      this.each("C").reduce(
        (sum, c, i) => sum + (this.h[i] === 0 ? 0 : c * this.h[i] ** gamma[i]),
        0,
      )
    );
  }
}

type Formula = (p: Parameters, N: number, D: number, x: Readonly<Record<string, number>>) => number;
const size: Formula = (p, N) => p.one("A") / N ** p.one("alpha");
const tokens: Formula = (p, _, D) => p.one("B") / D ** p.one("beta");

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, one, i) => sum + one * b[i], 0);

/** Muennighoff et al. 2023, section 3; U_N from αA/U_N^α = βB/U^β. */
const constrained: Formula = (p, N, D, { unique_tokens: unique }) => {
  const [A, B, alpha, beta] = ["A", "B", "alpha", "beta"].map((name) => p.one(name));
  const worth = (base: number, excess: number, R: number): number =>
    base + base * R * (1 - Math.exp(-excess / R));
  const U = Math.min(unique, D);
  const UN = Math.min(N, ((alpha * A * U ** beta) / (beta * B)) ** (1 / alpha));
  return (
    p.one("E") +
    A / worth(UN, N / UN - 1, p.one("R_N")) ** alpha +
    B / worth(U, D / U - 1, p.one("R_D")) ** beta
  );
};

/** Epochs of each domain, hᵢD/Uᵢ. */
const epochsOf = (h: readonly number[], D: number, x: Readonly<Record<string, number>>): number[] =>
  h.map((share, i) => (share * D) / x[`u[d${i}]`]);

/** Effective over actual epochs: Muennighoff et al. 2023 for each domain. */
function worths(p: Parameters, D: number, x: Readonly<Record<string, number>>): number[] {
  const R = p.one("R_D");
  return epochsOf(p.h, D, x).map((r) => (r <= 1 ? 1 : (1 + R * (1 - Math.exp(-(r - 1) / R))) / r));
}

/** A formula at the effective mixture term and tokens. */
const repeated =
  (sizeTerm: Formula, tokenTerm: Formula): Formula =>
  (p, N, D, x) => {
    const worth = worths(p, D, x);
    const effective = D * dot(p.h, worth);
    const shares = new Parameters(
      p.reported,
      p.h.map((share, i) => share * worth[i]),
    );
    return p.one("E") + shares.mixtureTerm() + sizeTerm(p, N, D, x) + tokenTerm(p, N, effective, x);
  };

const softplus = (z: number): number => Math.log1p(Math.exp(z));

/** MARINER, arXiv 2606.18663. */
const marinerLaw: Formula = (p, _, D, x) => {
  const [rho, exponent, tau] = [p.one("rho"), p.one("p"), p.one("tau")];
  const sum = epochsOf(p.h, D, x).reduce((total, E, i) => {
    const gain = E === 0 ? 0 : 1 - Math.exp(-((rho * E) ** exponent));
    const harm = softplus(Math.log(1 + E) - tau) ** 2;
    return total - p.each("alpha")[i] * gain + p.each("gamma")[i] * harm;
  }, p.one("beta0"));
  return p.one("phi") + Math.exp(sum);
};

const routed: Formula = (p, N, _, { experts: E }) => {
  const [start, most] = [p.one("E_start"), p.one("E_max")];
  const [n, e] = [
    Math.log10(N),
    Math.log10(1 / (1 / (E - 1 + 1 / (1 / start - 1 / most)) + 1 / most)),
  ];
  return 10 ** (p.one("a") * n + p.one("b") * e + p.one("c") * n * e + p.one("d"));
};

/**
 * Section 2 and appendix of Shukor et al. 2025 (arXiv 2507.09404) and eq. 10 of Hoffmann et al.
 * 2022, by law.
 */
const FORMULAS: Readonly<Record<string, Formula>> = {
  chinchilla: (p, N, D) => p.one("E") + size(p, N, D, {}) + tokens(p, N, D, {}),
  mixture: (p) => p.one("E") + p.mixtureTerm(),
  "mixture-tokens": (p, N, D) => p.one("E") + p.mixtureTerm() + tokens(p, N, D, {}),
  simple: (p, N, D) =>
    p.one("E") + p.sumPower("C", "gamma") + size(p, N, D, {}) + tokens(p, N, D, {}),
  additive: (p, N, D) => p.one("E") + p.mixtureTerm() + size(p, N, D, {}) + tokens(p, N, D, {}),
  joint: (p, N, D) =>
    p.one("E") +
    p.mixtureTerm() +
    p.sumPower("CA", "gammaA") / N ** p.one("alpha") +
    p.sumPower("CB", "gammaB") / D ** p.one("beta"),
  full: (p, N, D) =>
    p.one("E") +
    p.mixtureTerm() +
    p.sumPower("CA", "gammaA") / N ** p.sumPower("Calpha", "gammaAlpha") +
    p.sumPower("CB", "gammaB") / D ** p.sumPower("Cbeta", "gammaBeta"),
  kaplan: (p, N, D) =>
    ((p.one("N_c") / N) ** (p.one("alphaN") / p.one("alphaD")) + p.one("D_c") / D) **
    p.one("alphaD"),
  farseer: (p, N, D) =>
    Math.exp(p.one("a3") * N ** p.one("gamma") + p.one("b3")) +
    Math.exp(p.one("a2") * N ** p.one("beta") + p.one("b2")) *
      D ** -Math.exp(p.one("a1") * N ** p.one("alpha") + p.one("b1")),
  "data-constrained": constrained,
  repetition: (p, N, D, x) => {
    const worth = worths(p, D, x);
    const effective = D * p.each("tau").reduce((sum, t, i) => sum + t * p.h[i] * worth[i], 0);
    const term = (p.one("B") * N ** p.one("delta")) / effective ** p.one("alpha");
    return p.one("E") + p.one("C") / N ** p.one("beta") + term;
  },
  "additive-epochs": repeated(size, tokens),
  "joint-epochs": repeated(
    (p, N) => p.sumPower("CA", "gammaA") / N ** p.one("alpha"),
    (p, _, D) => p.sumPower("CB", "gammaB") / D ** p.one("beta"),
  ),
  epochs: marinerLaw,
  "moe-sparsity": (p, N, D, { sparsity }) =>
    p.one("e") +
    p.one("a") / N ** p.one("alpha") +
    p.one("b") / D ** p.one("beta") +
    p.one("c") / (1 - sparsity) ** p.one("lambda") +
    p.one("d") / ((1 - sparsity) ** p.one("delta") * N ** p.one("gamma")),
  granularity: (p, N, D, { granularity: G }) =>
    p.one("c") +
    (p.one("g") / G ** p.one("gamma") + p.one("a")) / N ** p.one("alpha") +
    p.one("b") / D ** p.one("beta"),
  routed,
  linear: (p) => p.one("b") + dot(p.each("w"), p.h),
  "log-linear": (p) => Math.exp(p.one("c")) + Math.exp(dot(p.each("t"), p.h)),
  "data-mixing": (p) => p.one("c") + p.one("K") * Math.exp(dot(p.each("t"), p.h)),
  "data-mixing-m1": (p) =>
    p.one("E") +
    p.each("C").reduce((sum, C, i) => sum + C * Math.exp(p.each("gamma")[i] * p.h[i]), 0),
  "data-mixing-m2": (p) =>
    p.one("E") +
    p.one("C") * p.each("gamma").reduce((sum, gamma, i) => sum + Math.exp(gamma * p.h[i]), 0),
  bimix: (p, _, D) =>
    (p.one("A") / p.h[0] ** p.one("alpha")) * (p.one("B") / D ** p.one("beta") + p.one("C")),
  "d-cpt": (p, N, D, { ratio }) =>
    p.one("E") +
    size(p, N, D, {}) +
    (p.one("B") * ratio ** p.one("eta")) / D ** p.one("beta") +
    p.one("C") / (ratio + p.one("epsilon")) ** p.one("gamma"),
  forgetting: (p, N, _, { ft_tokens: F, injected }) =>
    p.one("L0") +
    (p.one("A") * F ** p.one("beta")) / ((1 + p.one("B") * injected) * N) ** p.one("alpha"),
  finetuning: (p, N, _, { ft_tokens: F }) =>
    p.one("E") + p.one("A") / (N ** p.one("alpha") * F ** p.one("beta")),
};

/** The loss that a law's published formula gives; `x` are inputs beside N and D. */
export const published = (
  law: string,
  reported: Reported,
  N: number,
  D: number,
  h: readonly number[],
  x: Readonly<Record<string, number>>,
): number => FORMULAS[law](new Parameters(reported, h), N, D, x);
