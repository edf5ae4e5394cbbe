/**
 * The objective over a triangle of mixtures: over all of them for three domains; for more, over
 * those of two domains that trade off and the rest, which keeps its proportions. For two domains
 * over a line.
 */
import { itemAt, ownOf } from "../../../base/known.ts";
import { lawValue, type OfMixture } from "../../../mixture/goal/goal.ts";
import type { Problem } from "../../../mixture/problem/pose-problem.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import type { SliceData, SliceMark } from "../../../views/decision/slice-data.ts";
import { isLacking, lacking, type Lacking } from "../../../views/kit/view.ts";
import { type Decision, excessOf, sharesOf } from "./decision.ts";

/** Parts of each side of the triangle, and of the line. */
const PARTS = { triangle: 50, line: 200 } as const;
/** Directions in which the end of the near-optimal mixtures is sought, and halvings for each. */
const DIRECTIONS = 120;
const HALVINGS = 30;
/** A mixture breaks a constraint by rounding. */
const SLACK = 1e-9;

/** Mixtures by what they have of each corner: the parts sum to 1. */
interface Corners {
  readonly names: readonly string[];
  /** The mixture at each corner. */
  readonly mixtures: readonly Float64Array[];
  /** Which corner each domain belongs to. */
  readonly cornerOf: readonly number[];
  /** The share that the first two corners have at most together: the picture is that part. */
  readonly span: number;
}

export function sliceFacts(decision: Decision | Lacking): SliceData | Lacking {
  if (isLacking(decision)) return decision;
  const { optimum, problem, isAsked } = decision;
  if (optimum.robust !== null)
    return lacking(
      "This optimum is that of a goal over all replicates, which takes too long for a whole slice of mixtures.",
    );
  if (problem.domains.length < 2) return lacking("There is one domain, and so one mixture.");
  const corners = cornersOf(decision);
  const objective: OfMixture = (h) => lawValue(problem.goal, h);
  const excess = excessOf(problem);
  const points = gridOf(corners.names.length, corners.names.length === 2 ? PARTS.line : PARTS.triangle); // prettier-ignore
  const mixtures = points.map((parts) => mixtureAt(corners, parts));
  const best = objective(decision.h);
  return {
    corners: [...corners.names],
    span: corners.span,
    isAll: problem.domains.length === corners.names.length,
    parts: corners.names.length === 2 ? PARTS.line : PARTS.triangle,
    best,
    losses: Float64Array.from(mixtures, (h) => objective(h) - best),
    excess: Float64Array.from(mixtures, excess),
    constraints: isAsked ? "known" : "unknown",
    epsilon: optimum.sharpness.epsilon,
    near: nearOptimal(decision, corners, objective, excess),
    marks: marksOf(decision, corners),
    trained: Float64Array.from(
      decision.file.data.mixtures.flatMap(({ weights }) =>
        withinSlice(partsOf(corners, Float64Array.from(weights))),
      ),
    ),
    unit: optimum.goal === "worst" ? "ratio" : "loss",
  };
}

/** The corners: domains, and for more than three the rest in the proportions that it has. */
function cornersOf({ optimum, problem, h }: Decision): Corners {
  const { domains } = problem;
  const vertex = (i: number): Float64Array => domains.reduce((v, _, j) => v.fill(Number(i === j), j, j + 1), new Float64Array(domains.length)); // prettier-ignore
  if (domains.length <= 3)
    return {
      names: domains,
      mixtures: domains.map((_, i) => vertex(i)),
      cornerOf: [...domains.keys()],
      span: 1,
    };
  const pair = tradeOf(domains, optimum.sharpness.trade) ?? largestTwo(h);
  const [a, b] = pair;
  const isRest = (i: number): boolean => i !== a && i !== b;
  const others = [h, sharesOf(problem, optimum.reference.weights)].map((shares) =>
    shares.map((x, i) => (isRest(i) ? x : 0)),
  );
  const even = h.map((_, i) => Number(isRest(i)));
  const sum = (v: Float64Array): number => v.reduce((total, x) => total + x, 0);
  const rest = [...others, even].find((v) => sum(v) > SLACK) ?? even;
  const most = rest.map((x) => x / sum(rest));
  const span = spanOf(optimum, [a, b], problem);
  const corner = (i: number): Float64Array => vertex(i).map((x, j) => span * x + (1 - span) * itemAt(most, j)); // prettier-ignore
  return {
    names: [itemAt(domains, a), itemAt(domains, b), `the other ${domains.length - 2}`],
    mixtures: [corner(a), corner(b), most],
    span,
    cornerOf: domains.map((_, i) => (i === a ? 0 : i === b ? 1 : 2)),
  };
}

/** Spans of the picture, and how much farther than what it must show it goes. */
const SPANS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1] as const;
const ROOM = 1.25;

/** Large enough for the optimum, the near-optimal shares, the reference and the uniform mixture. */
function spanOf(
  { weights, reference, uniform, sharpness }: Optimum,
  pair: readonly number[],
  { domains }: Problem,
): number {
  const names = pair.map((i) => itemAt(domains, i));
  const shares = [weights, reference.weights, uniform.weights].map((of) =>
    names.reduce((sum, name) => sum + (ownOf(of, name) ?? 0), 0),
  );
  const ends = names.map((name) => ownOf(sharpness.ranges, name)?.[1] ?? 0);
  const least = ROOM * Math.max(...shares, ...ends);
  return SPANS.find((span) => span >= least) ?? 1;
}

/** "c4 against commoncrawl" as positions; names may hold " against " too. */
function tradeOf(domains: readonly string[], trade: string | null): [number, number] | undefined {
  for (const [a, up] of domains.entries())
    for (const [b, down] of domains.entries())
      if (a !== b && trade === `${up} against ${down}`) return [a, b];
  return undefined;
}

function largestTwo(h: Float64Array): [number, number] {
  const [a = 0, b = 1] = [...h.keys()].toSorted((i, j) => itemAt(h, j) - itemAt(h, i));
  return [a, b];
}

/** All parts in steps of 1/n: of two corners a line; of three as `views/kit/mesh.ts` has them. */
function gridOf(corners: number, n: number): number[][] {
  if (corners === 2) return Array.from({ length: n + 1 }, (_, i) => [1 - i / n, i / n]);
  return Array.from({ length: n + 1 }, (_, i) =>
    Array.from({ length: n + 1 - i }, (__, j) => [i / n, j / n, (n - i - j) / n]),
  ).flat();
}

function mixtureAt({ mixtures }: Corners, parts: readonly number[]): Float64Array {
  const h = new Float64Array(itemAt(mixtures, 0).length);
  for (const [c, corner] of mixtures.entries())
    for (const [i, x] of corner.entries()) h[i] = itemAt(h, i) + itemAt(parts, c) * x;
  return h;
}

/** What a mixture has of each corner; of the rest, what is left. Outside of the picture below 0. */
function partsOf({ names, cornerOf, span }: Corners, h: Float64Array): number[] {
  const sums = names.map(() => 0);
  for (const [i, c] of cornerOf.entries()) sums[c] = (sums[c] ?? 0) + itemAt(h, i);
  const parts = sums.slice(0, -1).map((share) => share / span);
  return [...parts, 1 - parts.reduce((sum, part) => sum + part, 0)];
}

const withinSlice = (parts: number[]): number[] => (parts.every((part) => part > -SLACK) ? parts : []); // prettier-ignore

function marksOf({ optimum, problem, h }: Decision, corners: Corners): SliceMark[] {
  const mixtures = [
    { kind: "uniform" as const, mixture: sharesOf(problem, optimum.uniform.weights) },
    { kind: "reference" as const, mixture: sharesOf(problem, optimum.reference.weights) },
    { kind: "optimum" as const, mixture: h },
  ];
  return mixtures.map(({ kind, mixture }) => ({ kind, parts: partsOf(corners, mixture) }));
}

/** The end of the near-optimal mixtures of the slice, as seen from the optimum: parts, in order. */
function nearOptimal(
  { optimum, h }: Decision,
  corners: Corners,
  objective: OfMixture,
  excess: OfMixture,
): Float64Array {
  const center = partsOf(corners, h);
  const limit = objective(h) + optimum.sharpness.epsilon;
  const slack = Math.max(SLACK, excess(h));
  const isNear = (parts: readonly number[]): boolean => {
    const mixture = mixtureAt(corners, parts);
    return objective(mixture) <= limit && excess(mixture) <= slack;
  };
  const ends = directionsOf(corners.names.length).map((direction) => {
    const at = (t: number): number[] => center.map((x, c) => x + t * itemAt(direction, c));
    let low = 0;
    // Where the first part becomes 0.
    let high = Math.min(...center.map((x, c) => (itemAt(direction, c) < 0 ? -x / itemAt(direction, c) : Infinity))); // prettier-ignore
    if (isNear(at(high).map((x) => Math.max(0, x)))) return at(high);
    for (let n = 0; n < HALVINGS; n++) {
      const middle = (low + high) / 2;
      if (isNear(at(middle))) low = middle;
      else high = middle;
    }
    return at(low);
  });
  return Float64Array.from(ends.flat());
}

/** Directions along which the parts keep their sum: around a triangle, or both ways of a line. */
function directionsOf(corners: number): number[][] {
  if (corners === 2) return [[1, -1], [-1, 1]]; // prettier-ignore
  return Array.from({ length: DIRECTIONS }, (_, n) => {
    const angle = (2 * Math.PI * n) / DIRECTIONS;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    // In a triangle with corners at (0, 0), (1, 0) and (1/2, √3/2).
    const third = (2 * y) / Math.sqrt(3);
    const second = x - third / 2;
    return [-second - third, second, third];
  });
}
