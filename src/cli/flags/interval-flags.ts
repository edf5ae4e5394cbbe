/** Which intervals a fit's bootstrap gives: `--level` and `--interval`. */
import type { Command } from "commander";
import { either } from "../../base/kinds.ts";
import { INTERVALS } from "../../stats/interval.ts";
import { choice, numeric } from "./values.ts";

/** Adds the flags; `usual`: what the kind is where nothing is said. */
export const addIntervals = (command: Command, usual: string): Command =>
  command
    .option(
      "--level <X>",
      "confidence level of the intervals (default: the fit's)",
      numeric("--level"),
    )
    .option(
      "--interval <KIND>",
      `${either(INTERVALS)} (default: ${usual})`,
      choice("--interval", INTERVALS),
    );
