/** The frame that runs give the coordinates of a formula. */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { evaluateOne } from "../../expr/float64.ts";
import { mean } from "../../stats/moments.ts";
import { type Frame, NO_FRAME, powerOfTwo } from "../../laws/parameters/frame.ts";
import { startsFromData } from "./starts.ts";
import { SizeFinder } from "./natural-sizes.ts";
import { rowSampler, sampleRows } from "./sample-rows.ts";
import { spreadOf } from "./spread.ts";

const SIZED_ROWS = 48;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * The frame of a law at some runs; an empty one for laws whose own charts and ranges say all.
 *
 * @param boundIn binds the law in a frame
 */
export function frameOf(boundIn: (frame: Frame) => BoundLaw, train: RunSet): Frame {
  const plain = boundIn(NO_FRAME);
  if (!startsFromData(plain)) return NO_FRAME;
  const centered: Frame = { origins: originsAt(plain, train), units: {} };
  return { ...centered, units: unitsAt(boundIn(centered), train) };
}

/**
 * Means of the parts of the data that parameters take in, by parameter; without those whose mean is
 * not far enough from 0. A parameter that a user bounds, or gives a range, stays as it is.
 */
function originsAt(law: BoundLaw, train: RunSet): Frame["origins"] {
  const origins = new Map<string, Map<string, number>>();
  const rows = sampleRows(train, law.shares.length, [...Array(train.rows).keys()]);
  for (const { parameter, text, node, far } of law.centered) {
    if (!mayMove(law, parameter)) continue;
    const values = Float64Array.from({ length: rows.count }, (_, row) =>
      evaluateOne(node, rows.leafAt(row)),
    );
    // Logarithms of data that are 0 have no part in it.
    const others = values.filter((value) => value !== -Infinity);
    const center = mean(others);
    const isFar = Math.abs(center) > far * spreadOf(others);
    if (!Number.isFinite(center) || !isFar) continue;
    origins.set(parameter, (origins.get(parameter) ?? new Map<string, number>()).set(text, center));
  }
  return Object.fromEntries([...origins].map(([name, own]) => [name, Object.fromEntries(own)]));
}

/** Whether nothing that a user says of a parameter is meant of itself. */
function mayMove({ coordinates }: BoundLaw, name: string): boolean {
  const coordinate = coordinates.find(({ parameter }) => parameter === name);
  if (coordinate === undefined) return true;
  const { spec, bounds } = coordinate;
  return spec.startKind !== "given" && !bounds.some(Number.isFinite);
}

/** Units for the coordinates that the data say the size of: the median over rows and targets. */
function unitsAt(law: BoundLaw, train: RunSet): Frame["units"] {
  const finder = new SizeFinder(law);
  const rowsOf = rowSampler(train, law.shares.length, SIZED_ROWS);
  const found = train.losses.map((losses) => finder.find(rowsOf(losses), spreadOf(losses)));
  return Object.fromEntries(
    law.coordinates.flatMap(({ label, spec }, i) => {
      const sizes = found.flatMap((of) => [...of[i].sizes]);
      if (spec.startKind !== "data" || sizes.length === 0) return [];
      return [[label, powerOfTwo(median(sizes))]];
    }),
  );
}
