/** Which intervals are given: `--interval-of`, `--level` and `--interval`. */
import type { Command } from "commander";
import { either } from "../../base/kinds.ts";
import { INTERVAL_OF } from "../../fit/inference/bands.ts";
import { INTERVALS } from "../../stats/interval.ts";
import { choice, confidence } from "./values.ts";

/** Adds the flags; `usual`: what the kind is where nothing is said. */
export const addIntervals = (command: Command, usual: string): Command =>
  command
    .option(
      "--interval-of <WHAT>",
      "what the intervals of predictions are of: run, the loss of a new run (default), or law, the law's own value as far as the bootstrap tells it",
      choice("--interval-of", INTERVAL_OF),
    )
    .option("--level <X>", "confidence level of the intervals (default: the fit's)", confidence)
    .option(
      "--interval <KIND>",
      `how the bootstrap's intervals are made: ${either(INTERVALS)} (default: ${usual})`,
      choice("--interval", INTERVALS),
    );
