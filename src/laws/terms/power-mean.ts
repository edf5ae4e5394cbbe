/** The term (Σ Cᵢhᵢ)^γ, written as a weighted power mean. */
import { significant } from "../../base/format-number.ts";
import {
  add,
  call,
  constant,
  div,
  exp,
  known,
  log,
  log1pc,
  max,
  mul,
  type Node,
  phi2,
  sub,
  sum,
} from "../../expr/graph.ts";
import { itemAt } from "../../base/known.ts";
import type { CoordinateValues, FormVariables, LawForm, LawOptions, LawVariables } from "../law.ts";
import { reciprocal } from "../parameters/chart.ts";
import type { ParameterSpec, TruthRange } from "../parameters/parameter-spec.ts";

/**
 * ln of the weighted power mean (Σ hᵢ e^(s·uᵢ))^(1/s) of the e^uᵢ. This is the well-conditioned
 * form of (Σ Cᵢhᵢ)^γ, with s = 1/γ and Cᵢ = e^(s·uᵢ): as written, fits run to γ in the hundreds.
 *
 * The value: with m = Σ hᵢuᵢ, dᵢ = uᵢ − m and Q = Σ hᵢdᵢ²φ₂(s·dᵢ): Σ
 * hᵢe^(s·dᵢ) = 1 + s²Q, so the logarithm is m + s·Q·log1pc(s²Q), smooth through s = 0 (the
 * geometric mean), with no cancellation anywhere.
 *
 * The derivatives are written out, which takes half the operations of differentiating the above.
 * With z = s·d, φ₁ = 1 + zφ₂, e^z = 1 + zφ₁, t = s²Q and P = Σ hᵢdᵢ²φ₁: in uᵢ the softmax weight
 * hᵢe^z/(1 + t), in s (P − Q)·log1pc(t) + t·P·log1pc′(t), since ∂t/∂s = s·P. And of these, with
 * zφ₁′ = e^z − φ₁, φ₁′ = φ₁ − φ₂ and φ₂′ = φ₂ − 2φ₃: ∂(d²φ₂)/∂d = d·φ₁, ∂(d²φ₁)/∂d = d·(φ₁ + e^z),
 * ∂(d²φ)/∂s = d³φ′.
 */
export function logPowerMean(x: LawVariables, u: (i: number) => Node, s: Node): Node {
  const m = sum(x.domains, (i) => mul(x.h(i), u(i)));
  const domains = Array.from({ length: x.domains }, (_, i) => deviationOf(x.h(i), u(i), m, s));
  const sumOf = (f: (domain: Deviation) => Node): Node => sum(x.domains, (i) => f(domains[i]));
  const variables = [...domains.map(({ d }) => d), s];
  /** Partials in the dᵢ and s of Σ hᵢdᵢ²·φ, from ∂(d²φ)/∂d = d·inD and ∂φ/∂z. */
  const partials = (inD: (domain: Deviation) => Node, inZ: (domain: Deviation) => Node) => () => [
    ...domains.map((domain) => mul(domain.hd, inD(domain))),
    sumOf((domain) => mul(mul(domain.hd2, domain.d), inZ(domain))),
  ];
  const q = known(
    sumOf(({ hd2, f2 }) => mul(hd2, f2)),
    variables,
    partials(
      ({ f1 }) => f1,
      ({ f2, z }) => sub(f2, mul(2, call("phi3", z))),
    ),
  );
  const p = known(
    sumOf(({ hd2, f1 }) => mul(hd2, f1)),
    variables,
    partials(
      ({ f1, expZ }) => add(f1, expZ),
      ({ f1, f2 }) => sub(f1, f2),
    ),
  );
  const t = mul(mul(s, s), q);
  const total = add(1, t);
  const ln = log1pc(t);
  const partialsOfMean = () => [
    ...domains.map(({ h, expZ, z }) =>
      known(mul(mul(h, expZ), div(1, total)), [sub(z, log(total))], (self) => [self]),
    ),
    add(mul(sub(p, q), ln), mul(mul(t, p), call("dlog1pc", t))),
  ];
  const value = add(m, mul(mul(s, q), ln));
  return known(
    value,
    [...domains.map(({ u: own }) => own), s],
    partialsOfMean,
    definition(x, u, s),
  );
}

/**
 * The power mean as it is defined, ln(Σ hᵢ e^(s·uᵢ))/s: none at s = 0. The largest of the
 * exponentials is taken out, so that none overflows.
 */
function definition(x: LawVariables, u: (i: number) => Node, s: Node): Node {
  if (x.domains === 0) return constant(Number.NaN);
  const exponents = Array.from({ length: x.domains }, (_, i) => mul(s, u(i)));
  const largest = exponents.reduce(max);
  const mean = sum(x.domains, (i) => mul(x.h(i), exp(sub(itemAt(exponents, i), largest))));
  return div(add(largest, log(mean)), s);
}

/** A domain's deviation from the mean, and what is computed from it. */
interface Deviation {
  readonly h: Node;
  readonly u: Node;
  /** u − m, and z = s·d. */
  readonly d: Node;
  readonly z: Node;
  /** φ₁(z), φ₂(z) and e^z. */
  readonly f1: Node;
  readonly f2: Node;
  readonly expZ: Node;
  /** h·d and h·d². */
  readonly hd: Node;
  readonly hd2: Node;
}

function deviationOf(h: Node, u: Node, m: Node, s: Node): Deviation {
  const d = sub(u, m);
  const z = mul(s, d);
  const f2 = phi2(z);
  const f1 = add(1, mul(z, f2));
  const hd = mul(h, d);
  return { h, u, d, z, f1, f2, expZ: add(1, mul(z, f1)), hd, hd2: mul(hd, d) };
}

/**
 * The exponent s = 1/γ of a power mean. Its bound 0, where γ has to be positive, is the geometric
 * mean.
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
  truth: signs === "free" ? eitherSign(0.4, 1) : [0.4, 1],
});

/** True values of either sign, their size uniform in a range. */
export const eitherSign =
  (low: number, high: number): TruthRange =>
  ({ between }) => {
    const x = between(-1, 1);
    return Math.sign(x) * (low + Math.abs(x) * (high - low));
  };

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

/** Beyond this |γ| (Σ Cᵢhᵢ)^γ, written as it is, loses more than 4 of its 16 digits. */
const LARGE = 1e4;
/** ln Cᵢ of this size are far from the ends of float64, at ±708. */
const FAR = 300;

/**
 * The power mean in the syntax of formulas, over what is reported: `pure` to the power 1/γ is the
 * source's Cᵢ. Where γ is infinite it is written as the geometric mean; where γ is so large that
 * digits would be lost, or so small that the Cᵢ would overflow, as a correction of that.
 *
 * @param positive whether γ is positive in the source
 */
export function powerMeanForm(
  { reported }: FormVariables,
  {
    mean,
    pure,
    gamma,
    positive = false,
  }: {
    readonly mean: string;
    readonly pure: string;
    readonly gamma: string;
    readonly positive?: boolean;
  },
): LawForm {
  const value = reported[gamma];
  if (typeof value !== "number")
    return {
      equations: [`${mean} = exp(sum(h[i]*log(${pure}[i])))`],
      beyond: [
        `${gamma} is infinite, which the published form cannot have: ${mean} is its limit, the geometric mean of ${pure}`,
      ],
    };
  const beyond =
    positive && value < 0
      ? [`${gamma} is ${significant(value, 4)}, and positive in the published form`]
      : [];
  const sizes = Object.values(reported[pure] ?? {}).map((c) => Math.abs(Math.log(c) / value));
  if (Math.abs(value) <= LARGE && Math.max(...sizes) <= FAR)
    return { equations: [`${mean} = sum(h[i]*${pure}[i]^(1/${gamma}))^${gamma}`], beyond };
  return {
    equations: [
      `${mean} = exp(ln_${mean} + ${gamma}*log1p(sum(h[i]*expm1((log(${pure}[i]) - ln_${mean})/${gamma}))))`,
      `ln_${mean} = sum(h[i]*log(${pure}[i]))`,
    ],
    beyond,
  };
}

/** A form of several parts: what gives L, and what that uses. */
export const formWith = (equation: string, parts: readonly LawForm[]): LawForm => ({
  equations: [equation, ...parts.flatMap(({ equations }) => equations)],
  beyond: parts.flatMap(({ beyond = [] }) => beyond),
});
