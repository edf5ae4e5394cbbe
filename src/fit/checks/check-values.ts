/** Checks of the numbers that a law is computed at: inputs, and what it computes of data alone. */
import {
  inputInFilter,
  inputIs,
  leavingOut,
  type RowsOf,
  shareInFilter,
  shareIs,
} from "../../data/filter/leave-out.ts";
import type { RunSet, Runs } from "../../data/runs/run-set.ts";
import { InputError } from "../../base/errors.ts";
import { entryOf, firstOf, itemAt } from "../../base/known.ts";
import { option } from "../../base/option-text.ts";
import { evaluate } from "../../expr/float64.ts";
import { argumentsOf, type Node, topological } from "../../expr/graph.ts";
import { type Program, RESPONSE } from "../../expr/program.ts";
import { show } from "../../expr/show-formula.ts";
import type { BoundLaw } from "../../laws/bind.ts";
import { inputsOf } from "../../laws/inputs.ts";
import type { Guard } from "../../laws/law.ts";
import { domainOfSupply } from "../../options/supply.ts";
import type { Packed } from "../../solve/pack-tables.ts";

/**
 * Where numbers come from that a law is to be computed at: rows of runs, points to predict at,
 * which no filter chose, or a run that is asked for.
 */
export type Place = RowsOf | "points" | "request";

const FORMULA = "change the formula";

/** The ways out: "Correct the row, leave it out with …, or …". `other` is the last of them. */
function waysOut(place: Place, condition: string | undefined, other: string): string {
  // What was fitted is as it is: no other formula helps.
  const or = other === FORMULA ? "" : `, or ${other}`;
  if (place === "request") return `Ask for another run${or}.`;
  if (place === "points") return `Correct the row${or}.`;
  return `Correct the row, leave it out with ${leavingOut(place, condition)}, or ${other}.`;
}

/** Where a number is, in words, and for the error. */
const whereIs = (place: Place, source: string, row: number): [string, InputError["where"]] =>
  place === "request" ? [source, {}] : [`${source}, data row ${row}`, { file: source, row }];

/** Throws the InputError that names the first value of an input that the law has no meaning for. */
export function checkValues(
  { law, domains, phases }: Pick<BoundLaw, "law" | "domains" | "phases">,
  source: string,
  runs: Pick<RunSet, "inputs" | "rowNumbers">,
  place: Place,
): void {
  for (const { name, meaning, values } of inputsOf(law, domains, phases)) {
    if (values === "any") continue;
    const cells = entryOf(runs.inputs, name);
    const bad = cells.findIndex((value) => (values === "positive" ? value <= 0 : value < 0));
    if (bad < 0) continue;
    const [at, error] = whereIs(place, source, itemAt(runs.rowNumbers, bad));
    const good = goodOf(place, { kind: "input", name }, values === "positive" ? "> 0" : ">= 0");
    throw new InputError(
      `${at}: ${name} (${meaning}) is ${itemAt(cells, bad)}, and the law ${law.name} needs it ${values === "positive" ? "above 0" : "0 or more"}. ${waysOut(place, good, otherSource(place, name))}`,
      { ...error, option: "inputs" },
    );
  }
}

/** How an input can be given otherwise. */
function otherSource(place: Place, name: string): string {
  if (domainOfSupply(name) !== undefined)
    return `give the unique tokens there are with ${option("available")}`;
  return place === "request"
    ? `give another with ${option(`inputs.${name}`, "VALUE")}`
    : `map another column with ${option(`inputs.${name}`, "COL")}`;
}

/** The values of a graph's leaves at a row; NaN for parameters without θ. */
export const leafAt =
  (runs: Pick<RunSet, "inputs" | "weights">, domains: number, row: number, theta?: Float64Array) =>
  (n: Node): number => {
    if (n.kind === "weight") return itemAt(runs.weights, row * domains + n.index);
    if (n.kind === "input") return itemAt(entryOf(runs.inputs, n.name), row);
    return n.kind === "param" && theta !== undefined ? itemAt(theta, n.index) : NaN;
  };

/** Whether a value is what an operation needs. */
export const SUITS: Readonly<Record<Guard["needs"], (value: number) => boolean>> = {
  positive: (v) => v > 0,
  nonnegative: (v) => v >= 0,
  nonzero: (v) => v !== 0,
};
const SIGN: Readonly<Record<Guard["needs"], string>> = {
  positive: "> 0",
  nonnegative: ">= 0",
  nonzero: "!= 0",
};
export const NEEDED: Readonly<Record<Guard["needs"], string>> = {
  positive: "above 0",
  nonnegative: "0 or more",
  nonzero: "other than 0",
};

/** The column of a leaf, as a filter names it; undefined where it is not known. */
function columnOfLeaf(place: Place, leaf: Node): string | undefined {
  if (typeof place === "string") return undefined;
  if (leaf.kind === "input") return inputInFilter(place, leaf.name);
  return leaf.kind === "weight" ? shareInFilter(place, leaf.name) : undefined;
}

/** The condition on a column, where an operand is one. */
function goodOf(place: Place, node: Node, compared: string): string | undefined {
  const column = columnOfLeaf(place, node);
  return column === undefined ? undefined : `${column} ${compared}`;
}

/** The condition that leaves out a row by its cells; undefined where they are not known. */
function unlike(
  place: Place,
  leaves: readonly Node[],
  valueOf: (n: Node) => number,
): string | undefined {
  if (typeof place === "string") return undefined;
  const cells = leaves.flatMap((leaf) => {
    if (leaf.kind === "input") return inputIs(place, leaf.name, valueOf(leaf)) ?? [];
    return leaf.kind === "weight" ? (shareIs(place, leaf.name, valueOf(leaf)) ?? []) : [];
  });
  return cells.length === 0 ? undefined : `not (${cells.join(" and ")})`;
}

/**
 * Throws the InputError that names the first row at which an operation of the law has no value, as
 * far as data alone decide.
 */
export function checkGuards(
  law: BoundLaw,
  source: string,
  runs: Pick<RunSet, "rows" | "inputs" | "weights" | "rowNumbers">,
  place: Place,
): void {
  const k = law.shares.length;
  for (const { node, needs, operation, operand } of law.guards) {
    const leaves = topological([node]).filter((n) => argumentsOf(n).length === 0);
    if (leaves.some((n) => n.kind === "param" || (n.kind === "input" && n.name === RESPONSE)))
      continue;
    for (let row = 0; row < runs.rows; row++) {
      const valueOf = leafAt(runs, k, row);
      const value = firstOf(evaluate([node], valueOf));
      if (SUITS[needs](value)) continue;
      const cells = leaves.flatMap((n) => {
        if (n.kind === "weight") return [`h[${n.name}] = ${valueOf(n)}`];
        return n.kind === "input" && n.name !== operand ? [`${n.name} = ${valueOf(n)}`] : [];
      });
      const where = cells.length === 0 ? "" : ` (${cells.join(", ")})`;
      const [at, error] = whereIs(place, source, itemAt(runs.rowNumbers, row));
      const alone = leaves.find((n) => n.kind === "input" && n.name === operand) ?? node;
      const good = goodOf(place, alone, SIGN[needs]) ?? unlike(place, leaves, valueOf);
      throw new InputError(
        `${at}: ${operand} is ${value}${where}, and ${operation} in the law ${law.law.name} needs it ${NEEDED[needs]}. ${waysOut(place, good, FORMULA)}`,
        error,
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
    [tables.mix, packed.mix, (i: number) => itemAt(packed.start, i)],
    [tables.run, packed.run, (i: number) => i],
  ] as const) {
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    const position = positionOf(Math.floor(bad / nodes.length));
    const at = itemAt(packed.order, position);
    const row = itemAt(runs.train.rowNumbers, at);
    const node = itemAt(nodes, bad % nodes.length);
    const leaves = topological([node]).filter((n) => argumentsOf(n).length === 0);
    const place: RowsOf = { runs, set: "train" };
    const good = unlike(place, leaves, leafAt(runs.train, runs.domains.length, at));
    throw new InputError(
      `${runs.source}, data row ${row}: ${show(node)}, which the law ${law} computes from the data, is ${itemAt(values, bad)}. ${waysOut(place, good, FORMULA)}`,
      { file: runs.source, row },
    );
  }
}
