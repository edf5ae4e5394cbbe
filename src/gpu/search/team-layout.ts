/**
 * What a team keeps in workgroup memory: see shaders/team-search.wgsl. Each member publishes the
 * sums over its piece's runs and the nonzeros of G, the mixture's factor of the Jacobian; the team
 * then adds them to the matrix.
 */
import type { Program } from "../../expr/program.ts";
import { VECTOR, vectorsFor } from "../layout.ts";
import { nonzerosOf } from "./group-sums.ts";

/** A coordinate's nonzero of G: where it is published, and its column of the factored Jacobian. */
interface PublishedNonzero {
  readonly place: number;
  readonly column: number;
  /** The program's slot that has it; undefined for one that stands for none. */
  readonly slot: number | undefined;
}

/** Where a piece publishes what. */
export interface Published {
  /** Nonzeros of G by coordinate, as many of each: a coordinate with fewer has zeros. */
  readonly nonzeros: readonly (readonly PublishedNonzero[])[];
  /** Vectors of the nonzeros, which come first. */
  readonly sums: number;
  /** Vectors of a piece: an odd number, so that members write to different banks. */
  readonly vectors: number;
}

/** Numbers that a row of the sums has: v and S's row, by column of the Jacobian. */
export const sumsWidth = ({ columns }: Program): number => columns.length + 1;

export function publishedBy(program: Program): Published {
  const { columns } = program;
  const byParam = nonzerosOf(program);
  const most = byParam.reduce((length, list) => Math.max(length, list.length), 1);
  let place = 0;
  const nonzeros = byParam.map((list) =>
    Array.from({ length: most }, (_, n) => ({
      place: place++,
      column: list[n]?.c ?? 0,
      slot: list[n]?.slot,
    })),
  );
  const sums = vectorsFor(place);
  const vectors = sums + vectorsFor(1 + columns.length * sumsWidth(program));
  return { nonzeros, sums, vectors: vectors + 1 - (vectors % 2) };
}

/** The length of a row of the matrix: odd, for the same reason. */
export const rowLength = ({ params: p }: Program): number => p + 1 - (p % 2);

/** Variables of P numbers a team, and of one word. */
const SHARED = { vectors: 10, words: 2 } as const;
/** WebGPU counts each variable as so many whole bytes. */
const ALIGNMENT = 16;

/** Bytes of workgroup memory of some teams. */
export function storageBytes(program: Program, team: number, teams: number): number {
  const { params: p } = program;
  const bytesOf = (words: number): number => ALIGNMENT * Math.ceil((4 * words * teams) / ALIGNMENT);
  const published = VECTOR.bytes * team * teams * publishedBy(program).vectors;
  return (
    bytesOf(p * rowLength(program)) +
    SHARED.vectors * bytesOf(p) +
    SHARED.words * bytesOf(1) +
    published
  );
}
