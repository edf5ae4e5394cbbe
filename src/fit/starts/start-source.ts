/** What the starts of a law are drawn by: its own ranges, or the data. */
import type { Runs } from "../../data/runs/run-set.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { rangedStarts, type StartSource } from "../search/starts.ts";
import { DataStarts } from "./data-starts.ts";

/** Laws with a parameter whose place and author say nothing of its size start from the data. */
export const startsFromData = ({ coordinates }: BoundLaw): boolean =>
  coordinates.some(({ spec }) => spec.startKind === "data");

export const startSource = (
  law: BoundLaw,
  runs: Runs,
  scales: readonly LossScale[],
  settings: FitSettings,
): StartSource =>
  startsFromData(law) ? new DataStarts(law, runs, scales, settings) : rangedStarts(law, scales);
