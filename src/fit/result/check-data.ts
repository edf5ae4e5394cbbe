/** Checks, before any work begins, that a law can be fitted to runs or can predict at them. */
import { USUAL_COLUMNS } from "../../data/runs/runs-options.ts";
import type { RunSet, Runs } from "../../data/runs/run-set.ts";
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { evaluate } from "../../expr/float64.ts";
import { argumentsOf, type Node, topological } from "../../expr/graph.ts";
import { type Program, RESPONSE } from "../../expr/program.ts";
import { show } from "../../expr/show-formula.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { inputsOf } from "../../laws/inputs.ts";
import type { Guard } from "../../laws/law.ts";
import { domainOfSupply } from "../../options/supply.ts";
import type { LossScale } from "../../laws/parameters/parameter-spec.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import type { Packed } from "../../solve/pack-tables.ts";
import { randomStarts } from "../starts/starts.ts";
import { significant } from "../../base/format-number.ts";
import { count } from "../../base/wording.ts";

/**
 * Throws the InputError that says which input of a law the runs lack. `or` is a second remedy, for
 * the end of the message.
 */
export function checkInputs(
  { law, domains }: Pick<BoundLaw, "law" | "domains">,
  source: string,
  inputs: RunSet["inputs"],
  or = "",
): void {
  const needed = [
    ...(law.uses.params ? ["params"] : []),
    ...(law.uses.tokens ? ["tokens"] : []),
    ...inputsOf(law, domains).map(({ name }) => name),
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

/** Throws the InputError that names the first value of an input that the law has no meaning for. */
export function checkValues(
  { law, domains }: Pick<BoundLaw, "law" | "domains">,
  source: string,
  runs: Pick<RunSet, "inputs" | "rowNumbers">,
): void {
  for (const { name, meaning, values } of inputsOf(law, domains)) {
    if (values === "any") continue;
    const row = runs.inputs[name].findIndex((value) =>
      values === "positive" ? value <= 0 : value < 0,
    );
    if (row < 0) continue;
    throw new InputError(
      `${source}, data row ${runs.rowNumbers[row]}: ${name} (${meaning}) is ${runs.inputs[name][row]}, and the law ${law.name} needs it ${values === "positive" ? "above 0" : "0 or more"}. Correct the row, leave it out with ${option("where")}, or map another column with ${option(`inputs.${name}`, "COL")}.`,
      { file: source, row: runs.rowNumbers[row], option: "inputs" },
    );
  }
}

/** The values of a graph's leaves at a row; NaN for parameters without θ. */
const leafAt =
  (runs: Pick<RunSet, "inputs" | "weights">, domains: number, row: number, theta?: Float64Array) =>
  (n: Node): number => {
    if (n.kind === "weight") return runs.weights[row * domains + n.index];
    if (n.kind === "input") return runs.inputs[n.name][row];
    return n.kind === "param" && theta !== undefined ? theta[n.index] : NaN;
  };

/** Whether a value is what an operation needs. */
const SUITS: Readonly<Record<Guard["needs"], (value: number) => boolean>> = {
  positive: (v) => v > 0,
  nonnegative: (v) => v >= 0,
  nonzero: (v) => v !== 0,
};
const NEEDED: Readonly<Record<Guard["needs"], string>> = {
  positive: "above 0",
  nonnegative: "0 or more",
  nonzero: "other than 0",
};

/**
 * Throws the InputError that names the first row at which an operation of the law has no value, as
 * far as data alone decide.
 */
export function checkGuards(
  law: BoundLaw,
  source: string,
  runs: Pick<RunSet, "rows" | "inputs" | "weights" | "rowNumbers">,
): void {
  const k = law.domains.length;
  for (const { node, needs, operation, operand } of law.guards) {
    const leaves = topological([node]).filter((n) => argumentsOf(n).length === 0);
    if (leaves.some((n) => n.kind === "param" || (n.kind === "input" && n.name === RESPONSE)))
      continue;
    for (let row = 0; row < runs.rows; row++) {
      const valueOf = leafAt(runs, k, row);
      const [value] = evaluate([node], valueOf);
      if (SUITS[needs](value)) continue;
      const cells = leaves.flatMap((n) => {
        if (n.kind === "weight") return [`h[${n.name}] = ${valueOf(n)}`];
        return n.kind === "input" && n.name !== operand ? [`${n.name} = ${valueOf(n)}`] : [];
      });
      const where = cells.length === 0 ? "" : ` (${cells.join(", ")})`;
      throw new InputError(
        `${source}, data row ${runs.rowNumbers[row]}: ${operand} is ${value}${where}, and ${operation} in the law ${law.law.name} needs it ${NEEDED[needs]}. Correct the row, leave it out with ${option("where")}, or change the formula.`,
        { file: source, row: runs.rowNumbers[row] },
      );
    }
  }
}

/**
 * Throws the InputError that names the first row at which something that is computed from data
 * alone is no finite number.
 */
export function checkColumns({ tables }: Program, packed: Packed, runs: Runs, law: string): void {
  for (const [nodes, values, positionOf] of [
    [tables.mix, packed.mix, (i: number) => packed.start[i]],
    [tables.run, packed.run, (i: number) => i],
  ] as const) {
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    const position = positionOf(Math.floor(bad / nodes.length));
    const row = runs.train.rowNumbers[packed.order[position]];
    throw new InputError(
      `${runs.source}, data row ${row}: ${show(nodes[bad % nodes.length])}, which the law ${law} computes from the data, is ${values[bad]}. Correct the row, leave it out with ${option("where")}, or change the formula.`,
      { file: runs.source, row },
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
    { file: runs.source, column: runs.targets[target], option: "law" },
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
    if (Number.isNaN(losses[target][row])) continue;
    const values = evaluate(nodes, leafAt(runs, law.domains.length, row, theta));
    const bad = law.guards.findIndex(({ needs }, i) => !SUITS[needs](values[i]));
    if (bad < 0) continue;
    const { operation, operand, needs } = law.guards[bad];
    const point = law.coordinates
      .slice(0, NAMED)
      .map(({ name }, i) => `${name} = ${significant(theta[i], 3)}`);
    const more = law.size > NAMED ? ", …" : "";
    return `${operand} in ${operation} must be ${NEEDED[needs]}, and is ${significant(values[bad], 3)} at data row ${rowNumbers[row]} for ${point.join(", ")}${more}`;
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
  for (const set of [runs.train, runs.test]) {
    if (set === undefined) continue;
    checkValues(law, runs.source, set);
    checkGuards(law, runs.source, set);
  }
}

/** Throws the InputError for a target with too few losses, or some that have no logarithm. */
function checkLosses(
  law: BoundLaw,
  { source, targets, train, dropped }: Runs,
  target: number,
  { residual }: FitSettings,
): void {
  const weightless = dropped.find(({ reason }) => reason === "zero weight")?.rows ?? 0;
  const [losses, column] = [train.losses[target], targets[target]];
  const rows = losses.reduce((n, y) => n + (Number.isNaN(y) ? 0 : 1), 0);
  if (rows < law.size)
    throw new InputError(
      `${tooFew(law, column, rows, weightless)} Add runs, or choose a smaller law ("mixlaw laws").`,
      { file: source, column },
    );
  const bad = residual === "raw" ? -1 : losses.findIndex((y) => y <= 0);
  if (bad >= 0)
    throw new InputError(
      `${source}, row ${train.rowNumbers[bad]}, column ${column}: the loss is ${losses[bad]}, and ${option("residual", residual)} needs positive losses. Leave the row out with ${option("where")}, or use ${option("residual", "raw")}.`,
      { file: source, row: train.rowNumbers[bad], column },
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
