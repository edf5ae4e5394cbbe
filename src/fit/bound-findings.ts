/** Parameters of a fit that ended at a bound, in words. */
import { isPlain } from "../laws/parameters/chart.ts";
import { itemAt } from "../base/known.ts";
import { significant } from "../base/format-number.ts";
import { option } from "../base/option-text.ts";
import { finding, type Finding } from "../base/verdict.ts";
import { shorten } from "../base/wording.ts";
import type { BoundLaw } from "../laws/bind.ts";
import type { Coordinate } from "../laws/parameters/parameters.ts";
import type { LossScale } from "../laws/parameters/parameter-spec.ts";
import type { FitSettings } from "../options/fit-options.ts";

/**
 * A finding for each kind of bound: of a parameter's meaning, such as E = 0 or γ = 1/0, or one that
 * the user gave. Ends of a range that is only wide, such as an exponent of 10, are told where the
 * certificate says what is not determined.
 *
 * @param atBound names of coordinates, as the certificate has them
 */
export function boundFindings(
  law: BoundLaw,
  theta: Float64Array,
  atBound: readonly string[],
  { bounds }: FitSettings,
  scale: LossScale,
): Finding[] {
  const isGiven = ({ label, symbol }: Coordinate): boolean =>
    bounds[label] !== undefined || bounds[symbol] !== undefined;
  const held = law.coordinates.filter(
    ({ name }, i) => atBound.includes(name) && itemAt(law.lower, i) < itemAt(law.upper, i),
  );
  const isZero = ({ name }: Coordinate): boolean =>
    theta[law.coordinates.findIndex((coordinate) => coordinate.name === name)] === 0;
  const own = held.filter(
    (coordinate) => !isGiven(coordinate) && isMeant(coordinate) && isZero(coordinate),
  );
  const [direct, charted] = [
    own.filter(({ spec }) => isPlain(spec.chart)),
    own.filter(({ spec }) => !isPlain(spec.chart)),
  ];
  return [
    ...sentence(direct, (names) => atZero(names, law, direct, scale)),
    ...sentence(
      charted,
      (names) =>
        `${names} ended at infinity, the end of the range; ${option("signs", "free")} goes beyond`,
    ),
    ...sentence(
      held.filter(isGiven),
      (names) => `${names} ended at a bound that ${option("bounds")} gives`,
    ),
  ];
}

/** Whether a law's bounds end at 0, which is a meaning: other ends are those of a wide range. */
const isMeant = ({ spec: { bounds } }: Coordinate): boolean =>
  bounds !== undefined && (bounds[0] === 0 || bounds[1] === 0);

function sentence(held: readonly Coordinate[], words: (names: string) => string): Finding[] {
  const labels = held.map(({ label }) => label);
  return labels.length === 0 ? [] : [finding("at-bound", words(shorten(labels, 4)), labels)];
}

/**
 * With the bound that lets the first of them go below 0: ten times as far as the losses go for E,
 * the irreducible loss of every law, and as its starts do for another.
 */
function atZero(
  names: string,
  law: BoundLaw,
  held: readonly Coordinate[],
  scale: LossScale,
): string {
  const { label, spec, unit } = itemAt(held, 0);
  const isLoss = label === "E";
  const usual = isLoss
    ? [scale.min, scale.max]
    : spec.start(scale, law.domains.length).map((x) => x * unit);
  const far = -(10 ** Math.ceil(Math.log10(10 * Math.max(...usual.map(Math.abs)))));
  const remedy = `${option(`bounds.${label}`, `${far}:`)} lets it be negative`;
  return scale.min < 0 && isLoss
    ? `${names} ended at the bound 0, and losses go down to ${significant(scale.min, 3)}: ${label} ≥ 0 is what fails; ${remedy}`
    : `${names} ended at the bound 0; ${remedy}`;
}
