/**
 * Which rows share their error: runs of one mixture and size have more in common than their law
 * says, and checkpoints of one run are not independent at all.
 */
import { itemAt } from "../../base/known.ts";
import { type Blocks, blocksOf } from "../../random/resampling.ts";
import { equalRows } from "../../stats/equal-rows.ts";
import type { Runs } from "./run-set.ts";

/**
 * How the rows hang together. group: by the label of a column that the user named. configuration:
 * rows of equal N, shares and other inputs but D are one block, since they may be checkpoints of
 * one run. rows: each row is a block.
 */
export type BlockKind = "group" | "configuration" | "rows";

export interface ErrorBlocks extends Blocks {
  readonly kind: BlockKind;
  /**
   * Rows that would be in one block with others by their N and shares and are each one by
   * themselves, as there would be too few blocks.
   */
  readonly apart: number;
}

/**
 * Fewer blocks of configurations than this tell little of errors: rows stay apart then, and that is
 * said. A size law has a handful of sizes.
 */
export const LEAST_BLOCKS = 10;

/** Several laws and targets ask for the blocks of the same runs. */
const known = new WeakMap<Runs, ErrorBlocks>();

/** The blocks of the rows to fit. */
export function errorBlocks(runs: Runs): ErrorBlocks {
  const blocks = known.get(runs) ?? blocksIn(runs);
  known.set(runs, blocks);
  return blocks;
}

/**
 * The blocks that the errors of a fit of so many coordinates are computed with; undefined where
 * each row is taken by itself. Blocks that are only assumed have to be several times as many as the
 * coordinates, and have two rows or more on average: else a covariance by blocks is noisier than
 * what it mends.
 */
export function usedBlocks(runs: Runs, coordinates: number): ErrorBlocks | undefined {
  const shared = errorBlocks(runs);
  const { kind, blocks, blockOf } = shared;
  const isTelling = blocks >= 3 * coordinates && 2 * blocks <= blockOf.length;
  return kind === "group" || (kind === "configuration" && isTelling) ? shared : undefined;
}

function blocksIn({ train, domains }: Runs): ErrorBlocks {
  const { rows, groups } = train;
  if (groups !== undefined) return { ...blocksOf(groups), kind: "group", apart: 0 };
  const alone = { blocks: rows, blockOf: Int32Array.from({ length: rows }, (_, row) => row) };
  const { tokens, ...others } = train.inputs;
  const k = domains.length;
  if (others["params"] === undefined && k === 0) return { ...alone, kind: "rows", apart: 0 };
  const { count, groupOf } = equalRows(rows, [
    ...Object.values(others).map((values) => ({ values, width: 1 })),
    { values: train.weights, width: k },
  ]);
  const together = { blocks: count, blockOf: groupOf };
  if (together.blocks === rows) return { ...alone, kind: "rows", apart: 0 };
  if (together.blocks >= LEAST_BLOCKS) return { ...together, kind: "configuration", apart: 0 };
  return { ...alone, kind: "rows", apart: tokens === undefined ? 0 : related(groupOf, tokens) };
}

/** Rows that share their block with a row of other tokens. */
function related(blockOf: Int32Array, tokens: Float64Array): number {
  const alike = new Map<number, { rows: number; tokens: Set<number> }>();
  for (const [row, number] of blockOf.entries()) {
    const block = alike.get(number) ?? { rows: 0, tokens: new Set() };
    block.rows++;
    block.tokens.add(itemAt(tokens, row));
    alike.set(number, block);
  }
  return [...alike.values()].reduce(
    (sum, block) => sum + (block.tokens.size > 1 ? block.rows : 0),
    0,
  );
}
