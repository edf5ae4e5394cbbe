/** How far single shares can go in the mixtures that are allowed, whatever they lose. */
import { addScaled, dot } from "../convex/vectors.ts";
import { itemAt } from "../base/known.ts";
import { type CurvedConstraint, sharePrice } from "./constraints/kinds/kind.ts";
import { Polytope } from "./solver/polytope.ts";

/**
 * Points so far away that the nearest mixture to them is one with the most (or least) of a share;
 * nearer ones where rounding hides that mixture.
 */
const FAR_AWAY = [1e4, 1e2, 10] as const;
/** Halvings towards an end that a curved constraint forbids. */
const HALVINGS = 40;
/** Shares nearer to 0 or 1 than this are. */
const ROUNDING = 1e-9;

/** Least and largest share of a domain; a sum of some shares may be kept at its value. */
export type ShareRange = readonly [number, number];

/**
 * The range of share i over the convex pieces of a region. Where constraints are curved, as far as
 * the straight ways from some allowed mixtures lead.
 * @param from mixtures to go from, the first of them allowed; others are put into each piece
 * @param kept domains whose sum stays that of the first mixture
 */
export function shareRange(
  pieces: readonly Polytope[],
  curved: readonly CurvedConstraint[],
  from: readonly [Float64Array, ...Float64Array[]],
  i: number,
  kept: readonly number[] = [],
): ShareRange {
  const [first] = from;
  const ends = pieces.flatMap((piece) => {
    const set = kept.length === 0 ? piece : withSum(piece, kept, first);
    if (set === undefined) return [];
    const starts = curved.length === 0 ? [first] : from.flatMap((h) => set.pointNear(h) ?? []);
    return starts
      .filter((start) => isAllowed(curved, start))
      .flatMap((start) => [1, -1].map((sign) => end(set, curved, start, i, sign)));
  });
  const own = itemAt(first, i);
  const [low, high] = [Math.min(own, ...ends), Math.max(own, ...ends)];
  return [low < ROUNDING ? 0 : low, high > 1 - ROUNDING ? 1 : high];
}

const isAllowed = (curved: readonly CurvedConstraint[], h: Float64Array): boolean =>
  curved.every(({ excess }) => excess.value(h) <= ROUNDING);

/**
 * The mixtures of a piece with the sum of some shares that `from` has; undefined where none have.
 */
function withSum(
  { region }: Polytope,
  members: readonly number[],
  from: Float64Array,
): Polytope | undefined {
  const coefficients = new Float64Array(from.length);
  for (const i of members) coefficients[i] = 1;
  const sum = dot(coefficients, from);
  const limit = { name: "their sum", coefficients, min: sum, max: sum, price: sharePrice };
  const polytope = new Polytope({ ...region, limits: [...region.limits, limit] });
  return polytope.conflict() === undefined ? polytope : undefined;
}

function end(
  set: Polytope,
  curved: readonly CurvedConstraint[],
  from: Float64Array,
  i: number,
  sign: number,
): number {
  const [farthest = from] = FAR_AWAY.flatMap((distance) => {
    const far = from.slice();
    far[i] = itemAt(far, i) + sign * distance;
    return set.pointNear(far) ?? [];
  });
  const way = farthest.map((x, j) => x - itemAt(from, j));
  if (isAllowed(curved, farthest)) return itemAt(farthest, i);
  let [good, bad] = [0, 1];
  for (let n = 0; n < HALVINGS; n++) {
    const middle = (good + bad) / 2;
    if (isAllowed(curved, addScaled(from, middle, way))) good = middle;
    else bad = middle;
  }
  return itemAt(from, i) + good * itemAt(way, i);
}
