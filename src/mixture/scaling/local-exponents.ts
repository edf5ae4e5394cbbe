/**
 * How the best N and D grow with training compute by a law: N* ∝ C^a and D* ∝ C^b around a compute,
 * with a + b = 1.
 *
 * On the line 6ND = C the best N has ∂L/∂ln N = ∂L/∂ln D. Differentiating that along ln C gives
 *
 *     a = d ln N/d ln C = ½ + (L_dd − L_nn)/(2K),  K = L_nn − 2L_nd + L_dd
 *
 * with n = ln N and d = ln D; K is the curvature of the loss along the line. For E + A/N^α + B/D^β
 * it is a = β/(α + β) at every compute (Hoffmann et al. 2022, arXiv 2203.15556, eq. 4). Other laws
 * have exponents that change with compute.
 */
import { refineGrid } from "./refine-grid.ts";

/** Losses at ln N and ln D; infinite or NaN where a law has no value. */
export type LossAtSizes = (
  points: readonly (readonly [lnN: number, lnD: number])[],
) => Float64Array;

/** Tokens a parameter between which the best N is looked for: far wider than any run. */
export const RATIOS = { least: 1e-2, most: 1e5 } as const;

/** Grids of the search for the best N, before Newton's steps. */
const ROUNDS = 2;
/** Steps of the differences, in ln N and ln D. */
const STEP = 0.05;
/** Newton's steps, at most; they end when one is below this. */
const NEWTON = { steps: 20, enough: 1e-7 } as const;

/** An exponent with the place where it is meant. */
export interface SizeExponent {
  /** The exponent a of N* ∝ C^a; b is 1 − a. */
  readonly exponent: number;
  /** ln of the best tokens a parameter. */
  readonly lnRatio: number;
}

/**
 * The exponent of the best N. Undefined where the law has no best N at this compute.
 *
 * @param flops the compute, 6ND
 * @param near ln of tokens a parameter near the best, such as that of another replicate
 * @example exponentOfSize((points) => lossesOf(points), 1e21)?.exponent
 */
export function exponentOfSize(
  lossAt: LossAtSizes,
  flops: number,
  near?: number,
): SizeExponent | undefined {
  const lnProduct = Math.log(flops / 6);
  const placeAt = (lnRatio: number): readonly [number, number] => [
    (lnProduct - lnRatio) / 2,
    (lnProduct + lnRatio) / 2,
  ];
  const along = (lnRatio: number): Derivatives =>
    derivatives(lossAt, placeAt(lnRatio), [-0.5, 0.5]);
  const lnRatio =
    (near === undefined ? undefined : newton(along, near)) ??
    newton(
      along,
      onGrid((ratios) => lossAt(ratios.map(placeAt))),
    );
  if (lnRatio === undefined) return undefined;
  const place = placeAt(lnRatio);
  const [line, alongN, alongD] = [
    [1, -1],
    [1, 0],
    [0, 1],
  ].map(([dn, dd]) => derivatives(lossAt, place, [dn, dd]).second);
  return { exponent: 0.5 + (alongD - alongN) / (2 * line), lnRatio };
}

const BOX = [Math.log(RATIOS.least), Math.log(RATIOS.most)] as const;

/** The best ratio of ever finer grids. */
function onGrid(lossAt: (lnRatios: readonly number[]) => Float64Array): number {
  const finite = (points: readonly number[][]): Float64Array =>
    lossAt(points.map(([lnRatio]) => lnRatio)).map((loss) =>
      Number.isFinite(loss) ? loss : Infinity,
    );
  return refineGrid(finite, [BOX], ROUNDS).point[0];
}

/** Where the slope is 0 near a ratio; undefined where that is no minimum in what is searched. */
function newton(along: (lnRatio: number) => Derivatives, from: number): number | undefined {
  let lnRatio = from;
  for (let n = 0; n < NEWTON.steps; n++) {
    const { first, second } = along(lnRatio);
    if (!(second > 0)) return undefined;
    const step = Math.max(-1, Math.min(1, -first / second));
    lnRatio += step;
    if (!(lnRatio > BOX[0] && lnRatio < BOX[1])) return undefined;
    if (Math.abs(step) < NEWTON.enough) return lnRatio;
  }
  return undefined;
}

/** Along a direction. */
interface Derivatives {
  readonly first: number;
  readonly second: number;
}

/** By five-point differences of fourth order. */
function derivatives(
  lossAt: LossAtSizes,
  [n, d]: readonly [number, number],
  [dn, dd]: readonly number[],
): Derivatives {
  const steps = [-2, -1, 0, 1, 2].map((times) => times * STEP);
  const [a, b, c, e, f] = lossAt(steps.map((step) => [n + step * dn, d + step * dd] as const));
  return {
    first: (a - 8 * b + 8 * e - f) / (12 * STEP),
    second: (-a + 16 * b - 30 * c + 16 * e - f) / (12 * STEP * STEP),
  };
}
