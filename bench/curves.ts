/** Curves of one small formula at many targets: what tools for many small fits are used for. */
import { toRuns } from "../src/data/runs/runs.ts";
import type { Runs } from "../src/data/runs/run-set.ts";
import { stream } from "../src/random/rng.ts";

/** The formulas, as bench/peers/with_formula.py has them too. */
export const CURVES = {
  decay: "y = a*exp(-b*x) + c",
  peak: "y = a*exp(-(x - m)^2/(2*s^2)) + c",
} as const;
export type CurveName = keyof typeof CURVES;

/** x goes from 0 to this. */
const WIDTH = 10;
/** Standard deviation of the noise; the curves are of the size of 1. */
const NOISE = 0.01;

/** The value at x of a curve with parameters drawn by u, numbers between 0 and 1. */
function valueAt(name: CurveName, x: number, u: (lane: number) => number): number {
  const [a, c] = [1 + 2 * u(0), 1.5 + u(1)];
  if (name === "decay") return a * Math.exp(-(0.3 + u(2)) * x) + c;
  const [m, s] = [WIDTH * (0.25 + 0.5 * u(2)), 0.5 + u(3)];
  return a * Math.exp(-((x - m) ** 2) / (2 * s * s)) + c;
}

/** A table of such curves: a column a target, with noise. */
export function curves(name: CurveName, rows: number, targets: number): Runs {
  const draws = stream(21, 0);
  const noise = stream(22, 0);
  const xs = Array.from({ length: rows }, (_, row) => (WIDTH * (row + 0.5)) / rows);
  const column = (key: string, cells: number[]) => [key, { name: key, cells }] as const;
  const columns = new Map([
    column("x", xs),
    ...Array.from({ length: targets }, (_, target) =>
      column(
        `y${target}`,
        xs.map((x, row) => {
          const error = NOISE * noise.normal(target * rows + row, 0);
          return valueAt(name, x, (lane) => draws.uniform(target, lane)) + error;
        }),
      ),
    ),
  ]);
  const table = { source: "simulated", sha256: "", rows, columns, notes: [] };
  return toRuns(table, { targets: "y*", inputs: { x: "x" } });
}
