/** The frame that runs give the coordinates of a formula. */
import type { RunSet } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { type Frame, NO_FRAME, powerOfTwo } from "../../laws/parameters/frame.ts";
import { naturalSizes } from "./natural-sizes.ts";
import { sampleRows, spacedRows } from "./sample-rows.ts";
import { spreadOf } from "./spread.ts";
import { startsFromData } from "./start-source.ts";

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
  const centered: Frame = { origins: {}, units: {} };
  return { ...centered, units: unitsAt(boundIn(centered), train) };
}

/** Units for the coordinates that the data say the size of: the median over rows and targets. */
function unitsAt(law: BoundLaw, train: RunSet): Frame["units"] {
  const found = train.losses.map((losses) => {
    const rows = sampleRows(train, law.domains.length, spacedRows(losses, SIZED_ROWS));
    return naturalSizes(law, rows, spreadOf(losses));
  });
  return Object.fromEntries(
    law.coordinates.flatMap(({ label, spec }, i) => {
      const sizes = found.flatMap((of) => of[i].sizes);
      if (spec.startKind !== "data" || sizes.length === 0) return [];
      return [[label, powerOfTwo(median(sizes))]];
    }),
  );
}
