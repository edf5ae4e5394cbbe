/** Shards: a job divided among processes that share a store of records. */

/** One of `count` parts of a job. */
export interface Shard {
  /** From 0 to `count` − 1. */
  readonly index: number;
  /** How many parts there are, 1 or more. */
  readonly count: number;
}

/** More shards than this are a slip of the hand. */
export const MOST_SHARDS = 999_999;

/** A shard's name in messages. @example "shard 3/8" */
export const shardName = ({ index, count }: Shard): string => `shard ${index}/${count}`;

/** Consecutive pieces of work: `from` to `to` − 1. */
export interface PieceRange {
  readonly from: number;
  readonly to: number;
}

export const isIn = ({ from, to }: PieceRange, piece: number): boolean =>
  piece >= from && piece < to;

/** Block `index` of `pieces` pieces that are cut into `count` blocks of nearly the same size. */
export const blockOf = (pieces: number, { index, count }: Shard): PieceRange => ({
  from: Math.floor((index * pieces) / count),
  to: Math.floor(((index + 1) * pieces) / count),
});

/**
 * Deals the pieces of one stage of a job after the other. Stages with fewer pieces than there are
 * shards go around, so that no shard has all of them. Every shard of a job asks for the same stages
 * in the same order, and so each piece is dealt to one of them.
 */
export class ShardPlan {
  #first = 0;

  constructor(readonly shard: Shard) {}

  /**
   * This shard's own pieces of the next stage.
   *
   * @example new ShardPlan({ index: 1, count: 4 }).deal(1000) // { from: 250, to: 500 }
   */
  deal(pieces: number): PieceRange {
    const { index, count } = this.shard;
    const blocks = Math.min(pieces, count);
    const turn = (index - this.#first + count) % count;
    this.#first = (this.#first + blocks) % count;
    return turn < blocks ? blockOf(pieces, { index: turn, count: blocks }) : { from: 0, to: 0 };
  }
}
