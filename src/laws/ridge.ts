/**
 * Which coordinates of a law a ridge draws, and to what. A parameter with one value a domain is
 * drawn to its mean over the domains, so that domains differ as little as the runs let them; one
 * that does nothing at 0 is drawn to 0 (`ParameterSpec.drawnTo`), as are parameters of the law as
 * a whole. Logarithms are drawn as they are fitted. Fixed and tied parameters are no coordinates:
 * what they follow is drawn, once.
 */
import { option } from "../base/option-text.ts";
import { InputError } from "../base/errors.ts";
import { count } from "../base/wording.ts";
import { hasRidge, type RidgeOption } from "../options/ridge-option.ts";
import type { BoundLaw } from "./bind.ts";
import type { Coordinate } from "./parameters/parameters.ts";
import { byPosition } from "./parameters/restrictions.ts";

/** Coordinates that are drawn, and how far they go for one unit of q. Plain data. */
export interface Ridge {
  /** sᵢ by coordinate; 0 for those that are not drawn. */
  readonly slopes: Float64Array;
  /**
   * The coordinates whose mean is taken off: from `first` up to `end`. None where those are equal:
   * the coordinate is drawn to 0.
   */
  readonly first: Int32Array;
  readonly end: Int32Array;
}

/** Where a parameter is drawn to. */
const destination = ({ spec }: Coordinate): "zero" | "mean" =>
  spec.per === "law" ? "zero" : (spec.drawnTo ?? "mean");

/** λ of each coordinate by its position; 1 where it is to be found. */
function strengths({ coordinates }: BoundLaw, wanted: RidgeOption): Map<number, number> {
  const size = (strength: number | "auto"): number => (strength === "auto" ? 1 : strength);
  if (typeof wanted === "object") {
    const named = Object.entries(wanted).map(([name, strength]) => [name, size(strength)] as const);
    return byPosition(coordinates, Object.fromEntries(named));
  }
  const ofDomains = [...coordinates.keys()].filter((i) => coordinates[i]?.spec.per === "domain");
  return new Map(ofDomains.map((i) => [i, size(wanted)]));
}

/**
 * The ridge of a law; undefined where it draws none of its coordinates. Where λ is given it is part
 * of the slopes, which are then meant for a λ of 1.
 *
 * @throws InputError for parameters that cannot be drawn
 */
export function ridgeOf(law: BoundLaw, wanted: RidgeOption): Ridge | undefined {
  const { coordinates, size } = law;
  const slopes = new Float64Array(size);
  const [first, end] = [new Int32Array(size), new Int32Array(size)];
  for (const [i, strength] of strengths(law, wanted)) {
    const own = coordinates[i];
    if (own === undefined || strength === 0) continue;
    checkDrawn(law, own);
    slopes[i] = Math.sqrt(strength) * own.unit;
    if (destination(own) === "zero") continue;
    const together = [...coordinates.keys()].filter(
      (j) => coordinates[j]?.parameter === own.parameter,
    );
    first[i] = Math.min(...together);
    end[i] = Math.max(...together) + 1;
  }
  checkTogether(law, slopes, first, end);
  return slopes.some((slope) => slope !== 0) ? { slopes, first, end } : undefined;
}

/** A logarithm, or what takes a center of the data in, has no 0 that means anything. */
function checkDrawn({ law }: BoundLaw, { spec, label }: Coordinate): void {
  if (spec.per === "domain" || spec.chart === undefined) return;
  throw new InputError(
    `${option(`ridge.${label}`)}: ${label} of the law ${law.name} is not fitted as it is reported, so that there is no 0 to draw it to; draw parameters that have one value a domain, or that may be 0`,
    { option: "ridge" },
  );
}

/** What is drawn to a mean has one λ. */
function checkTogether(
  { coordinates, law }: BoundLaw,
  slopes: Float64Array,
  first: Int32Array,
  end: Int32Array,
): void {
  for (const [i, own] of coordinates.entries()) {
    if (first[i] === end[i]) continue;
    const rate = (j: number): number => (slopes[j] ?? 0) / (coordinates[j]?.unit ?? 1);
    for (let j = first[i] ?? 0; j < (end[i] ?? 0); j++)
      if (rate(j) !== rate(i))
        throw new InputError(
          `${option(`ridge.${own.label}`)}: ${own.symbol} of the law ${law.name} is drawn to its mean over the domains, all of them together; name it without a domain: ${own.symbol}`,
          { option: "ridge" },
        );
  }
}

/**
 * How many parameters runs alone must tell: those that no ridge draws, and one for each mean that
 * others are drawn to.
 */
export function undrawnParameters(law: BoundLaw, wanted: RidgeOption): number {
  const ridge = hasRidge(wanted) ? ridgeOf(law, wanted) : undefined;
  if (ridge === undefined) return law.size;
  const { slopes, first, end } = ridge;
  const means = new Set([...first].filter((from, i) => slopes[i] !== 0 && from < (end[i] ?? 0)));
  return slopes.filter((slope) => slope === 0).length + means.size;
}

/** " With the ridge it needs 7 rows.": beside what a law has of parameters; else empty. */
export function ridgeRemark(law: BoundLaw, wanted: RidgeOption): string {
  const needed = undrawnParameters(law, wanted);
  return needed < law.size ? ` With the ridge it needs ${count(needed, "row")}.` : "";
}

/** Digits that the square of a root has. */
const SQUARED = 15;

/** The drawn parameters by symbol, or by label where not all of the domains are, with their λ. */
export function drawnParameters(
  { coordinates }: BoundLaw,
  { slopes }: Ridge,
  strength: number,
): Record<string, number> {
  const labelled = coordinates.map(({ symbol, label, unit }, i) => ({
    symbol,
    label,
    lambda: strength * ((slopes[i] ?? 0) / unit) ** 2,
  }));
  const drawn = labelled.filter(({ lambda }) => lambda > 0);
  return Object.fromEntries(
    drawn.map(({ symbol, label, lambda }) => {
      const alike = labelled.filter((other) => other.symbol === symbol);
      const whole = alike.every((other) => other.lambda === lambda);
      return [whole ? symbol : label, Number(lambda.toPrecision(SQUARED))];
    }),
  );
}
