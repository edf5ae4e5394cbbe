/** The flags of `mixlaw optimize` that say which mixtures are allowed. */
import type { Command } from "commander";
import { InputError } from "../../base/errors.ts";
import type { ConstraintRequest } from "../../mixture/request/optimum.ts";
import { mergeConstraints, parseConstraints } from "../../mixture/request/read-constraints.ts";
import { readText } from "../io/read-fit-file.ts";
import { tokensOf } from "./shares.ts";
import { limited, several } from "./values.ts";

export interface ConstraintFlags {
  readonly floor?: readonly string[];
  readonly cap?: readonly string[];
  readonly fix?: readonly string[];
  readonly group?: readonly string[];
  readonly available?: string;
  readonly maxEpochs?: number;
  readonly trust?: string;
  readonly atLeastOrZero?: readonly string[];
  readonly lattice?: string;
  readonly constraints?: string;
}

export function addConstraints(command: Command): void {
  command
    .option("--floor <SHARES>", "least shares: web=0.1,code=5%", several)
    .option("--cap <SHARES>", "largest shares: web=0.4", several)
    .option("--fix <SHARES>", "fixed shares: wiki=3%", several)
    .option(
      "--group <SUM>",
      "bound of a sum of shares: 'math+code>=0.2' or <=; may be repeated",
      several,
    )
    .option(
      "--available <FILE>",
      "table of the unique tokens there are by domain: caps of --max-epochs passes at D",
    )
    .option(
      "--max-epochs <E>",
      "passes over the available tokens (default: 4)",
      limited("--max-epochs", (x) => x > 0, "a positive number"),
    )
    .option(
      "--trust <BALL>",
      "stay near the reference: 'l1<=0.2' (sum of |differences|) or 'kl<=0.05'",
    )
    .option("--at-least-or-zero <SHARES>", "domains left out or at least this: code=5%", several)
    .option("--lattice <1/N>", "round the shares to multiples of 1/N that sum to exactly 1")
    .option("--constraints <FILE>", "constraints in YAML or JSON; flags add to them");
}

/** All constraints, of the file and the flags; undefined when there are none. */
export async function constraintsOf(
  flags: ConstraintFlags,
): Promise<ConstraintRequest | undefined> {
  const { available, constraints, ...texts } = flags;
  const file =
    constraints === undefined ? {} : parseConstraints(await readText(constraints), constraints);
  if (available !== undefined && file.available !== undefined)
    throw new InputError(
      "both --available and the constraints file are given: say it in one place.",
      { flag: "--available" },
    );
  const merged = mergeConstraints(
    available === undefined ? file : { ...file, available: await tokensOf(available) },
    texts,
  );
  if (merged.maxEpochs !== undefined && merged.available === undefined)
    throw new InputError("--max-epochs needs to know what there is: give --available", {
      flag: "--max-epochs",
    });
  return Object.values(merged).some(
    (part) => typeof part !== "object" || Object.keys(part).length > 0,
  )
    ? merged
    : undefined;
}
