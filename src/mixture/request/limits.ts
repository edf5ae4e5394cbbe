/**
 * From constraints by domain name to bounds and named rows; everything that can be wrong with one
 * of them alone is found here.
 */
import { suggest } from "../../base/wording.ts";
import { InputError } from "../../base/errors.ts";
import type { ConstraintRequest } from "./optimum.ts";
import { compact, percent } from "../../base/format-number.ts";

/** min ≤ coefficients·h ≤ max, with the name that messages and prices use. */
export interface Limit {
  readonly name: string;
  readonly coefficients: Float64Array;
  readonly min: number;
  readonly max: number;
}

export interface Limits {
  readonly domains: readonly string[];
  readonly limits: readonly Limit[];
  /** Σ|hᵢ − rᵢ| ≤ radius. */
  readonly l1:
    | { readonly name: string; readonly center: Float64Array; readonly radius: number }
    | undefined;
  /** Domain → least share, for those that may also be left out. */
  readonly atLeastOrZero: readonly { readonly domain: number; readonly share: number }[];
  readonly lattice: number | undefined;
}

export interface Context {
  /** D, for caps from available tokens. */
  readonly tokens: number | undefined;
  readonly reference: Float64Array;
}

/** Throws InputError naming the constraint, what was found and what to do. */
export function limitsOf(
  request: ConstraintRequest,
  domains: readonly string[],
  { tokens, reference }: Context,
): Limits {
  const limits: Limit[] = [];
  const index = (kind: string, domain: string): number => {
    const i = domains.indexOf(domain);
    if (i < 0)
      throw new InputError(
        `the ${kind} names the domain "${domain}", which the fit does not have; ${suggest(domain, domains, "domains")}`,
        { flag: `--${kind}` },
      );
    return i;
  };
  const share = (kind: string, what: string, x: number): number => {
    if (!(x >= 0 && x <= 1))
      throw new InputError(
        `the ${kind} of ${what} is ${x}; shares are from 0 to 1 (or 0 % to 100 %).`,
        { flag: `--${kind}` },
      );
    return x;
  };
  const one = (i: number): Float64Array => Float64Array.from(domains, (_, j) => (i === j ? 1 : 0));
  for (const [d, x] of Object.entries(request.floors ?? {}))
    limits.push({
      name: `floor ${d} ≥ ${percent(share("floor", d, x))}`,
      coefficients: one(index("floor", d)),
      min: x,
      max: Infinity,
    });
  for (const [d, x] of Object.entries(request.caps ?? {}))
    limits.push({
      name: `cap ${d} ≤ ${percent(share("cap", d, x))}`,
      coefficients: one(index("cap", d)),
      min: -Infinity,
      max: x,
    });
  for (const [d, x] of Object.entries(request.fixed ?? {}))
    limits.push({
      name: `fix ${d} = ${percent(share("fix", d, x))}`,
      coefficients: one(index("fix", d)),
      min: x,
      max: x,
    });
  for (const { name, domains: members, min, max } of request.groups ?? []) {
    const chosen = new Set(members.map((d) => index("group", d)));
    const label = name ?? members.join("+");
    if (min === undefined && max === undefined)
      throw new InputError(
        `the group ${label} has neither a least nor a greatest share; give one, such as ${label}>=0.2.`,
        {
          flag: "--group",
        },
      );
    if (min !== undefined) share("group", label, min);
    if (max !== undefined) share("group", label, max);
    const said =
      min === max
        ? `= ${percent(min ?? 0)}`
        : [
            min === undefined ? "" : `≥ ${percent(min)}`,
            max === undefined ? "" : `≤ ${percent(max)}`,
          ]
            .filter((x) => x !== "")
            .join(", ");
    limits.push({
      name: `group ${label} ${said}`,
      coefficients: Float64Array.from(domains, (_, j) => (chosen.has(j) ? 1 : 0)),
      min: min ?? -Infinity,
      max: max ?? Infinity,
    });
  }
  limits.push(...availability(request, tokens, (d) => one(index("available", d))));
  const { trust, lattice } = request;
  if (trust !== undefined && !(trust.radius > 0 && Number.isFinite(trust.radius)))
    throw new InputError(
      `the radius of --trust is ${trust.radius}; it must be a positive number.`,
      { flag: "--trust" },
    );
  if (lattice !== undefined && !(Number.isInteger(lattice) && lattice >= 2 && lattice <= 1e6))
    throw new InputError(
      `--lattice is 1/${lattice}; the denominator must be a whole number from 2 to 1000000.`,
      { flag: "--lattice" },
    );
  return {
    domains,
    limits,
    l1:
      trust?.measure === "l1"
        ? { name: `trust l1 ≤ ${trust.radius}`, center: reference, radius: trust.radius }
        : undefined,
    atLeastOrZero: Object.entries(request.atLeastOrZero ?? {}).map(([d, x]) => ({
      domain: index("at-least-or-zero", d),
      share: share("at-least-or-zero", d, x),
    })),
    lattice,
  };
}

/** hᵢ·D ≤ epochs·tokensᵢ. */
function availability(
  request: ConstraintRequest,
  tokens: number | undefined,
  row: (domain: string) => Float64Array,
): Limit[] {
  const entries = Object.entries(request.available ?? {});
  if (entries.length === 0) return [];
  if (tokens === undefined)
    throw new InputError(
      "--available limits tokens, so the tokens of the run must be known. Give them with --tokens.",
      {
        flag: "--tokens",
      },
    );
  const epochs = request.maxEpochs ?? 4;
  if (!(epochs > 0 && Number.isFinite(epochs)))
    throw new InputError(`--max-epochs is ${epochs}; it must be a positive number.`, {
      flag: "--max-epochs",
    });
  return entries.map(([d, there]) => {
    if (!(there >= 0 && Number.isFinite(there)))
      throw new InputError(
        `--available gives "${d}" ${there} tokens; it must be a number of at least 0.`,
        { flag: "--available" },
      );
    return {
      name: `available ${d}: ${epochs} epochs of ${compact(there)} tokens`,
      coefficients: row(d),
      min: -Infinity,
      max: (epochs * there) / tokens,
    };
  });
}

/**
 * The convex pieces of the feasible set: a domain that is 0 or at least a share is out in one half
 * of them and has a floor in the other.
 */
export function pieces(limits: Limits): Limits[] {
  const MOST = 10;
  const { atLeastOrZero, domains } = limits;
  if (atLeastOrZero.length > MOST)
    throw new InputError(
      `--at-least-or-zero names ${atLeastOrZero.length} domains, which makes 2^${atLeastOrZero.length} cases to solve; at most ${MOST} are possible. Decide some of them with --fix or --floor.`,
      { flag: "--at-least-or-zero" },
    );
  return Array.from({ length: 2 ** atLeastOrZero.length }, (_, bits) => ({
    ...limits,
    limits: [
      ...limits.limits,
      ...atLeastOrZero.map(({ domain, share }, j): Limit => {
        const coefficients = Float64Array.from(domains, (__, i) => (i === domain ? 1 : 0));
        const name = `at-least-or-zero ${domains[domain]}`;
        return (bits >> j) % 2 === 1
          ? { name: `${name} = 0`, coefficients, min: 0, max: 0 }
          : { name: `${name} ≥ ${percent(share)}`, coefficients, min: share, max: Infinity };
      }),
    ],
  }));
}
