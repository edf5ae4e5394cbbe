/** Checks, before any work begins, that a law can be fitted to runs. */
import { USUAL_COLUMNS } from "../../data/runs/runs-options.ts";
import { nameInFilter } from "../../data/filter/write-filter.ts";
import { leavingOut } from "../../data/filter/leave-out.ts";
import type { RunSet, Runs } from "../../data/runs/run-set.ts";
import { InputError } from "../../base/errors.ts";
import { itemAt } from "../../base/known.ts";
import { option } from "../../base/option-text.ts";
import { evaluate } from "../../expr/float64.ts";
import { ridgeRemark, undrawnParameters } from "../../laws/ridge.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { inputsOf } from "../../laws/inputs.ts";
import { domainOfSupply } from "../../options/supply.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import { checkGuards, checkValues, leafAt, NEEDED, SUITS } from "./check-values.ts";
import { randomStarts } from "../starts/starts.ts";
import { significant } from "../../base/format-number.ts";
import { count } from "../../base/wording.ts";

/**
 * Throws the InputError that says which input of a law the runs lack. `or` is a second remedy, for
 * the end of the message.
 */
export function checkInputs(
  { law, domains, phases }: Pick<BoundLaw, "law" | "domains" | "phases">,
  source: string,
  inputs: RunSet["inputs"],
  or = "",
): void {
  const needed = [
    ...(law.uses.params ? ["params"] : []),
    ...(law.uses.tokens ? ["tokens"] : []),
    ...inputsOf(law, domains, phases).map(({ name }) => name),
  ];
  for (const name of needed) {
    if (inputs[name] !== undefined) continue;
    const domain = domainOfSupply(name);
    if (domain !== undefined)
      throw new InputError(
        `${source} has no supply of the domain "${domain}" (column u_${domain}), which the law ${law.name} needs. Give the unique tokens there are with ${option("available")}${or}.`,
        { file: source, option: "available" },
      );
    const isCount = name === "params" || name === "tokens";
    const path = isCount ? name : `inputs.${name}`;
    const column = isCount ? ` (${USUAL_COLUMNS[name]})` : "";
    throw new InputError(
      `${source} has no ${name} column${column}, which the law ${law.name} needs. Name it with ${option(path, "COL")}${or}.`,
      { file: source, option: path },
    );
  }
}

/** Starts that are asked why the law has no value there. */
const ASKED = 512;
/** Coordinates of a start that a message names. */
const NAMED = 4;

/**
 * The error for a target at which no start had a finite objective: which operation had no value,
 * where, and with which parameters.
 */
export function nothingFound(
  law: BoundLaw,
  runs: Runs,
  target: number,
  scale: LossScale,
  { seed, restarts }: FitSettings,
): InputError {
  const starts = randomStarts(law, scale, seed, Math.min(restarts, ASKED));
  const [why = "its value overflows at every start"] = starts.flatMap(
    (theta) => obstacleAt(law, runs.train, target, theta) ?? [],
  );
  return new InputError(
    `${law.law.name} was fitted to ${runs.targets[target]} from ${restarts} starts, and had a finite objective at none: ${why}. Give parameters ranges in which the law has a value (${option("ranges")}, or start and bounds in a law file), or change the formula.`,
    { file: runs.source, column: itemAt(runs.targets, target), option: "law" },
  );
}

/** The first operation that has no value at θ, in words; undefined where all have one. */
function obstacleAt(
  law: BoundLaw,
  { rows, losses, rowNumbers, ...runs }: RunSet,
  target: number,
  theta: Float64Array,
): string | undefined {
  const nodes = law.guards.map(({ node }) => node);
  for (let row = 0; row < rows; row++) {
    if (Number.isNaN(itemAt(itemAt(losses, target), row))) continue;
    const values = evaluate(nodes, leafAt(runs, law.shares.length, row, theta));
    const bad = law.guards.findIndex(({ needs }, i) => !SUITS[needs](itemAt(values, i)));
    if (bad < 0) continue;
    const { operation, operand, needs } = itemAt(law.guards, bad);
    const point = law.coordinates
      .slice(0, NAMED)
      .map(({ name }, i) => `${name} = ${significant(itemAt(theta, i), 3)}`);
    const more = law.size > NAMED ? ", …" : "";
    return `${operand} in ${operation} must be ${NEEDED[needs]}, and is ${significant(itemAt(values, bad), 3)} at data row ${rowNumbers[row]} for ${point.join(", ")}${more}`;
  }
  return undefined;
}

/**
 * Why a law cannot be fitted to each target of the runs; undefined where it can. What the law lacks
 * as a whole, such as an input, it lacks at every target.
 */
export function refusalsOf(
  law: BoundLaw,
  runs: Runs,
  settings: FitSettings,
): (InputError | undefined)[] {
  const ofLaw = refusal(() => checkLaw(law, runs));
  return runs.targets.map(
    (_, target) => ofLaw ?? refusal(() => checkLosses(law, runs, target, settings)),
  );
}

/** The InputError that a check throws; undefined where it throws none. */
export function refusal(check: () => void): InputError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** Throws the InputError that says why this law cannot be fitted to any target of these runs. */
function checkLaw(law: BoundLaw, runs: Runs): void {
  checkInputs(law, runs.source, runs.train.inputs, ', or choose a law without it ("mixlaw laws")');
  if (law.law.uses.weights && runs.domains.length === 0)
    throw new InputError(
      `${runs.source} has no mixture weights (columns ${USUAL_COLUMNS.weights}), which the law ${law.law.name} needs. Name them with ${option("weights")}, or choose a law without them ("mixlaw laws").`,
      { file: runs.source, option: "weights" },
    );
  if (law.law.uses.phases !== undefined && runs.phases === undefined)
    throw new InputError(
      `${runs.source} was read without phases, and the law ${law.law.name} reads each of them. Name them with ${option("phases")}, or choose a law without them ("mixlaw laws").`,
      { file: runs.source, option: "phases" },
    );
  for (const set of ["train", "test"] as const) {
    const rows = runs[set];
    if (rows === undefined) continue;
    checkValues(law, runs.source, rows, { runs, set });
    checkGuards(law, runs.source, rows, { runs, set });
  }
}

/** Throws the InputError for a target with too few losses, or some that have no logarithm. */
function checkLosses(
  law: BoundLaw,
  runs: Runs,
  target: number,
  { residual, ridge }: FitSettings,
): void {
  const { source, targets, train, dropped } = runs;
  const weightless = dropped.find(({ reason }) => reason === "zero weight")?.rows ?? 0;
  const [losses, column] = [itemAt(train.losses, target), itemAt(targets, target)];
  const rows = losses.reduce((n, y) => n + (Number.isNaN(y) ? 0 : 1), 0);
  if (rows < undrawnParameters(law, ridge))
    throw new InputError(
      `${tooFew(law, column, rows, weightless)}${ridgeRemark(law, ridge)} Add runs, or choose a smaller law ("mixlaw laws").`,
      { file: source, column },
    );
  const bad = residual === "raw" ? -1 : losses.findIndex((y) => y <= 0);
  if (bad >= 0)
    throw new InputError(
      `${source}, row ${train.rowNumbers[bad]}, column ${column}: the loss is ${losses[bad]}, and ${option("residual", residual)} needs positive losses. Leave the row out with ${leavingOut({ runs, set: "train" }, `not (${nameInFilter(column)} <= 0)`)}, or use ${option("residual", "raw")}.`,
      { file: source, row: itemAt(train.rowNumbers, bad), column },
    );
}

/** That a target has fewer rows than a law has parameters. */
function tooFew(law: BoundLaw, column: string, rows: number, weightless: number): string {
  const domains = law.domains.length > 0 ? ` over ${count(law.domains.length, "domain")}` : "";
  const name = `the law ${law.law.name}${domains}`;
  return weightless > 0
    ? `${column} has ${count(rows, "row")} of weight above 0 to fit (${weightless} of weight 0 count nowhere), which cannot determine the ${law.size} parameters of ${name}.`
    : `${column} has ${count(rows, "row")} to fit, but ${name} has ${law.size} parameters.`;
}
