/** Laws with parameters, runs and losses made up for them, reproducibly. */
import { stream } from "../../src/random/rng.ts";
import { dirichlet } from "../../src/random/dirichlet.ts";
import { evaluate } from "../../src/expr/float64.ts";
import { argumentsOf, type Node, topological } from "../../src/expr/graph.ts";
import type { ScaledLoss } from "../../src/expr/loss.ts";
import { CATALOG } from "../../src/laws/catalog/catalog.ts";
import { bind, type BoundLaw } from "../../src/laws/bind.ts";
import type { Law, LawOptions } from "../../src/laws/law.ts";
import { supplyOf } from "../../src/options/supply.ts";
import type { Columns } from "../../src/solve/pack-tables.ts";

export const SCALE = { min: 2, mean: 2.6, max: 3.5 };
export const UNITS = {
  params: 4e8,
  tokens: 9e9,
  ft_tokens: 1e8,
  injected: 0.01,
  sparsity: 0.5,
  ratio: 0.3,
  experts: 10,
  unique_tokens: 1e9,
};
export const LAWS = [...CATALOG.values()];
export const SIGNS = ["positive", "free"] as const;

/**
 * Every law with both sign options and k domains, as rows for `test.each`. Most laws are the same
 * under both options, and those without shares with any domains: of bindings that do not differ
 * there is one, the last.
 */
export function bindings(...domains: readonly number[]): [string, BoundLaw][] {
  const all = LAWS.flatMap((law) =>
    SIGNS.flatMap((signs) =>
      domains.map((k): [string, BoundLaw] => [
        `${law.name}, ${signs}, k = ${k}`,
        bound(law, k, signs),
      ]),
    ),
  );
  return [...new Map(all.map((row) => [identityOf(row[1]), row])).values()];
}

/** All that tells two bindings apart: the law, its coordinates and the expression of its loss. */
function identityOf({ law, coordinates, domains, loss }: BoundLaw): string {
  const order = topological([loss]);
  const places = new Map(order.map((node, i) => [node, i]));
  return JSON.stringify([
    law.name,
    coordinates.map(({ name, spec, bounds }) => [name, bounds, spec.start(SCALE, domains.length)]),
    order.map((node) => {
      const own = Object.entries(node).filter(([, value]) => typeof value !== "object");
      return [own, argumentsOf(node).map((argument) => places.get(argument))];
    }),
  ]);
}

export const bound = (law: Law, k: number, signs: LawOptions["signs"]): BoundLaw =>
  bind(
    law,
    Array.from({ length: k }, (_, i) => `d${i}`),
    { signs },
    UNITS,
  );

/** The coordinates' names. */
export const namesOf = (law: BoundLaw): string[] => law.coordinates.map(({ name }) => name);

/** A point in the start ranges. */
export function start(law: BoundLaw, seed = 1): Float64Array {
  const draws = stream(seed, 7);
  return Float64Array.from(law.coordinates, ({ spec }, i) => {
    const [low, high] = spec.start(SCALE, law.domains.length);
    return low + (high - low) * draws.uniform(0, i);
  });
}

/** Values of all the inputs that laws have beside N and D, in turns of their own. */
export const INPUTS = new Map(
  LAWS.flatMap((law) =>
    (law.uses.inputs ?? []).map((input) => [input.name, input.typical] as const),
  ),
);

/** Supplies of k domains: at equal shares and the usual tokens, from 0.1 to 10 epochs. */
const supplyOfRuns = (
  k: number,
  rows: number,
  uniform: (row: number, domain: number) => number,
): Record<string, Float64Array> =>
  Object.fromEntries(
    Array.from({ length: k }, (_, i) => [
      supplyOf(`d${i}`),
      Float64Array.from(
        { length: rows },
        (__, row) => (UNITS.tokens / k) * 10 ** (2 * uniform(row, i) - 1),
      ),
    ]),
  );

/** `mixtures` Dirichlet mixtures, every other one with a share of 0, each run at three sizes. */
export function runsOf(k: number, mixtures: number, seed = 1): Columns {
  const draws = stream(seed, 8);
  const shares = Array.from({ length: mixtures }, (_, g) => {
    const h = dirichlet(stream(seed, 9), g, 1, k);
    // Never the first domain's: a law that divides by its own domain's share has that one here.
    if (k > 1 && g % 2 === 1) h[1 + (g % (k - 1))] = 0;
    const total = h.reduce((a, b) => a + b, 0);
    return [...h].map((x) => x / total);
  });
  const rows = 3 * mixtures;
  const spread = (unit: number, lane: number) =>
    Float64Array.from({ length: rows }, (_, r) => unit * 10 ** (draws.uniform(r, lane) - 0.5));
  return {
    rows,
    // The mixtures take turns, so that packing has something to sort.
    weights: Float64Array.from(Array.from({ length: rows }, (_, r) => shares[r % mixtures]).flat()),
    inputs: {
      params: spread(UNITS.params, 0),
      tokens: spread(UNITS.tokens, 1),
      ...supplyOfRuns(k, rows, (r, i) => draws.uniform(r, 100 + i)),
      ...Object.fromEntries(
        [...INPUTS].map(([name, typical], n) => [
          name,
          Float64Array.from(
            { length: rows },
            (_, r) => typical[Math.floor(draws.uniform(r, 2 + n) * typical.length)],
          ),
        ]),
      ),
    },
  };
}

/** The value of a leaf at a row: what a law's graph means. */
export const leafAt =
  (runs: Columns, k: number, row: number, theta: ArrayLike<number>, response = NaN) =>
  (leaf: Node): number => {
    if (leaf.kind === "param") return theta[leaf.index];
    if (leaf.kind === "weight") return runs.weights[row * k + leaf.index];
    if (leaf.kind === "input")
      return leaf.name === "response" ? response : runs.inputs[leaf.name][row];
    throw new Error(`no value for ${leaf.kind}`);
  };

/** Huber's loss with its corner at δ. */
export const huber = (delta: number): ScaledLoss => ({ name: "huber", delta });

/** Predicted losses, from the law's graph as it was written. */
export const predict = (law: BoundLaw, runs: Columns, theta: ArrayLike<number>): number[] =>
  Array.from(
    { length: runs.rows },
    (_, row) => evaluate([law.loss], leafAt(runs, law.domains.length, row, theta))[0],
  );

/**
 * Losses scattered by `noise` (relative) around a law's predictions, so that some residuals lie
 * inside a corner and some outside.
 */
export function observe(
  law: BoundLaw,
  runs: Columns,
  theta: ArrayLike<number>,
  noise: number,
): Float64Array {
  const draws = stream(5, 6);
  return Float64Array.from(
    predict(law, runs, theta),
    (y, row) => y * (1 + noise * draws.normal(row, 0)),
  );
}
