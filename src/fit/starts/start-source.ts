/** What the starts of a law are drawn by: its own ranges, or the data. */
import type { Runs } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import type { StartSource } from "./draws.ts";
import { hopStarts, randomStarts, startsFromData } from "./starts.ts";
import { DataStarts } from "./data-starts.ts";

export const startSource = (
  law: BoundLaw,
  runs: Runs,
  scales: readonly LossScale[],
  settings: FitSettings,
): StartSource =>
  startsFromData(law) ? new DataStarts(law, runs, scales, settings) : rangedStarts(law, scales);

/** Starts from the law's own ranges. */
export const rangedStarts = (law: BoundLaw, scales: readonly LossScale[]): StartSource => ({
  random: (target, seed, count, first) => randomStarts(law, scales[target], seed, count, first),
  hops: (target, seed, first, points, count) =>
    hopStarts(law, scales[target], seed, first, points, count),
});
