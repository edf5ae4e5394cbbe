/** The parameters of a law for given domains: one number each, under all the names it has. */
import type { ParameterSpec } from "./parameter-spec.ts";

/**
 * Parameters as the law's source writes them, by symbol: a number, or a number by domain. One that
 * does not exist (γ = 1/0) is null.
 */
export type Reported = Readonly<
  Record<string, number | null | Readonly<Record<string, number | null>>>
>;

/** A parameter of the law as a whole, or a parameter of one domain. */
export interface Parameter {
  /** What the law's definition calls it: "lnC". */
  readonly parameter: string;
  /** Position of its domain; undefined for a parameter of the law as a whole. */
  readonly domain: number | undefined;
  /** As the law's definition has it; of a coordinate, ranges are in the coordinate's unit. */
  readonly spec: ParameterSpec;
  /** What fit files call the number that is optimized: "lnC[web]". */
  readonly name: string;
  /** What reports call the parameter: "C". */
  readonly symbol: string;
  /** What reports, messages and the option `fix` call this one number: "C[web]". */
  readonly label: string;
}

/** A number that the optimizer moves. */
export interface Coordinate extends Parameter {
  /**
   * The optimizer's number times `unit`, a power of two, is the law's coordinate. `spec.start`,
   * `spec.bounds` and `bounds` are in this unit.
   */
  readonly unit: number;
  /** The law's own bounds and the user's together. */
  readonly bounds: readonly [number, number];
}

/**
 * The name of a parameter, or of its value for one domain.
 *
 * @example labelOf("C", "web") // "C[web]"
 */
export const labelOf = (name: string, domain?: string): string =>
  domain === undefined ? name : `${name}[${domain}]`;

/** Every parameter in the order of definition, those of domains in the order of the domains. */
export const parametersOf = (
  specs: Readonly<Record<string, ParameterSpec>>,
  domains: readonly string[],
): Parameter[] =>
  Object.entries(specs).flatMap(([parameter, spec]) => {
    const symbol = spec.chart?.symbol ?? parameter;
    const entry = (domain?: number): Parameter => {
      const suffix = domain === undefined ? undefined : domains[domain];
      const [name, label] = [labelOf(parameter, suffix), labelOf(symbol, suffix)];
      return { parameter, domain, spec, name, symbol, label };
    };
    return spec.per === "law" ? [entry()] : domains.map((_, i) => entry(i));
  });

/** The names by which a user can mean parameters of a law: "A", "C" for all domains, "C[web]". */
export const reportedNames = ({
  parameters,
}: {
  readonly parameters: readonly Parameter[];
}): string[] => [...new Set(parameters.flatMap(({ symbol, label }) => [symbol, label]))];

const finiteOrNull = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null;

/**
 * The same with null for what is beyond float64, such as exp(1000): fit files are JSON, which has
 * no infinity.
 */
export const finiteReport = (reported: Reported): Reported =>
  Object.fromEntries(
    Object.entries(reported).map(([symbol, value]) => [
      symbol,
      value === null || typeof value === "number"
        ? finiteOrNull(value)
        : Object.fromEntries(Object.entries(value).map(([domain, x]) => [domain, finiteOrNull(x)])),
    ]),
  );

/**
 * Reported numbers by label, "A" and "C[web]", in the order of the report. Numbers that do not
 * exist (γ = 1/0) are left out.
 */
export function flatten(reported: Reported): Map<string, number> {
  const flat = new Map<string, number>();
  for (const [symbol, value] of Object.entries(reported)) {
    const values =
      typeof value === "number"
        ? [[symbol, value] as const]
        : Object.entries(value ?? {}).map(([domain, x]) => [labelOf(symbol, domain), x] as const);
    for (const [label, x] of values) if (x !== null) flat.set(label, x);
  }
  return flat;
}

/**
 * What a report has of one parameter: the number that `flatten` has by its label, without the
 * others. Undefined where there is none.
 */
export function reportedOf(
  reported: Reported,
  { symbol, domain }: Pick<Parameter, "symbol" | "domain">,
  domains: readonly string[],
): number | undefined {
  const value = reported[symbol];
  if (typeof value === "number") return domain === undefined ? value : undefined;
  const name = domain === undefined ? undefined : domains[domain];
  return name === undefined ? undefined : (value?.[name] ?? undefined);
}
