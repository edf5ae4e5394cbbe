/** Terms and parameters that several laws share. */
import {
  add,
  call,
  div,
  type Expr,
  exp,
  known,
  log,
  log1pc,
  mul,
  type Node,
  phi2,
  sharePower,
  sub,
  sum,
} from "../expr/graph.ts";
import type { CoordinateValues, LawOptions, Terms } from "./law.ts";
import {
  type Chart,
  exponential,
  type LossScale,
  type ParameterSpec,
  reciprocal,
} from "./chart.ts";

/** The part of the loss that a law has to explain, roughly. */
export const reducible = (s: LossScale): number => Math.max(s.mean - 0.6 * s.min, 1e-3);

/**
 * E + … : the irreducible loss. Linear and bounded by 0, so that a vanishing E is reached and not
 * approached for ever.
 */
export const irreducible: ParameterSpec = {
  meaning: "irreducible loss E",
  per: "law",
  start: (s) => [0, 0.9 * s.min],
  bounds: [0, Infinity],
};

/**
 * ln of a positive coefficient of a power term that is 5 … 100 % of the reducible loss at the
 * data's center.
 */
export const logCoefficient = (
  meaning: string,
  chart: Chart,
  per: "law" | "domain" = "law",
): ParameterSpec => ({
  meaning,
  per,
  chart,
  start: (s) => [Math.log(0.05 * reducible(s)), Math.log(reducible(s))],
  bounds: [-60, 60],
});

/**
 * A slope, a difference of losses, or another number of either sign, of the order of the reducible
 * loss.
 */
export const slope = (meaning: string, per: "law" | "domain" = "law"): ParameterSpec => ({
  meaning,
  per,
  start: (s) => [-reducible(s), reducible(s)],
});

type Range = readonly [number, number];

/**
 * A parameter of a law as a whole whose ranges do not depend on the losses; `truth` as in
 * `ParameterSpec`.
 */
export const scalar = (
  meaning: string,
  start: Range,
  bounds: Range,
  truth: Range,
  chart?: Chart,
): ParameterSpec => ({
  meaning,
  per: "law",
  start: () => start,
  bounds,
  truth,
  ...(chart === undefined ? {} : { chart }),
});

/** (e^z − 1)/z, 1 at z = 0. */
export const phi1 = (z: Expr): Node => add(1, mul(z, phi2(z)));

/** An exponent of N or D. */
export const exponent = (meaning: string): ParameterSpec => ({
  meaning,
  per: "law",
  start: () => [0.05, 0.9],
  bounds: [0, 10],
});

/** A/N^α as exp(ln A − α·ln N). */
export const powerTerm = (lnA: Expr, alpha: Expr, lnN: Expr): Node =>
  exp(sub(lnA, mul(alpha, lnN)));

/** Parameters of 1/Σ Cᵢhᵢ^γᵢ. */
export const mixtureParameters: Readonly<Record<"lnC" | "gamma", ParameterSpec>> = {
  lnC: {
    meaning: "ln Cᵢ of the mixture term 1/Σ Cᵢhᵢ^γᵢ",
    per: "domain",
    chart: exponential("C"),
    start: (s, k) => [-Math.log(k * reducible(s)) - 1, -Math.log(k * reducible(s)) + 2],
    bounds: [-60, 60],
  },
  gamma: {
    meaning: "exponent γᵢ of the mixture term",
    per: "domain",
    start: () => [0.3, 1.2],
    bounds: [0, 60],
  },
};

/** 1/Σ Cᵢhᵢ^γᵢ: the mixture term of Shukor et al. 2025, eq. 2.4. */
export const mixtureTerm = (x: Terms): Node =>
  div(
    1,
    sum(x.domains, (i) => sharePower(x.h(i), x.pd("gamma", i), x.pd("lnC", i))),
  );

/** Cᵢ and γᵢ as reported. */
export const reportMixture = (c: CoordinateValues) => ({
  C: c.perDomain((i) => Math.exp(c.values("lnC")[i])),
  gamma: c.perDomain((i) => c.values("gamma")[i]),
});

/**
 * ln of the weighted power mean (Σ hᵢ e^(s·uᵢ))^(1/s) of e^u: the well-conditioned form of (Σ
 * Cᵢhᵢ)^γ, with s = 1/γ and Cᵢ = e^(s·uᵢ). With m = Σ hᵢuᵢ, dᵢ = uᵢ − m and Q = Σ hᵢdᵢ²φ₂(s·dᵢ): Σ
 * hᵢe^(s·dᵢ) = 1 + s²Q, so the logarithm is m + s·Q·log1pc(s²Q), smooth through s = 0 (the
 * geometric mean), with no cancellation anywhere.
 *
 * Its derivatives are written out, in half the operations that differentiating the above takes.
 * With z = s·d, φ₁ = 1 + zφ₂, e^z = 1 + zφ₁, t = s²Q and P = Σ hᵢdᵢ²φ₁: in uᵢ the softmax weight
 * hᵢe^z/(1 + t), in s (P − Q)·log1pc(t) + t·P·log1pc′(t), since ∂t/∂s = s·P. And of these, with
 * zφ₁′ = e^z − φ₁, φ₁′ = φ₁ − φ₂ and φ₂′ = φ₂ − 2φ₃: ∂(d²φ₂)/∂d = d·φ₁, ∂(d²φ₁)/∂d = d·(φ₁ + e^z),
 * ∂(d²φ)/∂s = d³φ′.
 */
export function logPowerMean(x: Terms, u: (i: number) => Node, s: Node): Node {
  const m = sum(x.domains, (i) => mul(x.h(i), u(i)));
  const domains = Array.from({ length: x.domains }, (_, i) => {
    const d = sub(u(i), m);
    const z = mul(s, d);
    const f2 = phi2(z);
    const f1 = add(1, mul(z, f2));
    const first = mul(x.h(i), d);
    return {
      h: x.h(i),
      u: u(i),
      d,
      z,
      f1,
      f2,
      power: add(1, mul(z, f1)),
      first,
      second: mul(first, d),
    };
  });
  type Domain = (typeof domains)[number];
  const all = (f: (domain: Domain) => Node): Node => sum(x.domains, (i) => f(domains[i]));
  const moves = [...domains.map(({ d }) => d), s];
  const along = (inD: (domain: Domain) => Node, inS: (domain: Domain) => Node) => (): Node[] => [
    ...domains.map((domain) => mul(domain.first, inD(domain))),
    all((domain) => mul(mul(domain.second, domain.d), inS(domain))),
  ];
  const q = known(
    all(({ second, f2 }) => mul(second, f2)),
    moves,
    along(
      ({ f1 }) => f1,
      ({ f2, z }) => sub(f2, mul(2, call("phi3", z))),
    ),
  );
  const p = known(
    all(({ second, f1 }) => mul(second, f1)),
    moves,
    along(
      ({ f1, power }) => add(f1, power),
      ({ f1, f2 }) => sub(f1, f2),
    ),
  );
  const t = mul(mul(s, s), q);
  const whole = add(1, t);
  const ln = log1pc(t);
  return known(add(m, mul(mul(s, q), ln)), [...domains.map((domain) => domain.u), s], () => [
    ...domains.map(({ h, power, z }) =>
      known(mul(mul(h, power), div(1, whole)), [sub(z, log(whole))], (self) => [self]),
    ),
    add(mul(sub(p, q), ln), mul(mul(t, p), call("dlog1pc", t))),
  ]);
}

/**
 * s = 1/γ of a power mean: s = 0 is the geometric mean, reached exactly as a bound when γ has to be
 * positive.
 */
export const inverseGamma = (
  meaning: string,
  symbol: string,
  { signs }: LawOptions,
): ParameterSpec => ({
  meaning,
  chart: reciprocal(symbol),
  per: "law",
  start: () => (signs === "free" ? [-2, 2] : [0, 2]),
  bounds: signs === "free" ? [-40, 40] : [0, 40],
});

/**
 * Cᵢ and γ of (Σ Cᵢhᵢ)^γ from the power mean's uᵢ and s, and its value at each pure mixture, e^uᵢ.
 * At s = 0 the form (Σ Cᵢhᵢ)^γ has no finite parameters (it tends to Π e^(uᵢhᵢ), the geometric
 * mean): null. `shift` is added to every u: a change of units.
 */
export function reportPowerMean(
  c: CoordinateValues,
  u: string,
  s: string,
  shift: number,
): {
  C: Readonly<Record<string, number | null>>;
  gamma: number | null;
  pure: Readonly<Record<string, number | null>>;
} {
  const value = c.value(s);
  const at = (i: number): number => c.values(u)[i] + shift;
  return {
    C: c.perDomain((i) => (value === 0 ? null : Math.exp(value * at(i)))),
    gamma: value === 0 ? null : 1 / value,
    pure: c.perDomain((i) => Math.exp(at(i))),
  };
}
