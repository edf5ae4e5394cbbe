/** A part of the evidence: what was tried, at what size, and what came out. */
export interface Part {
  readonly title: string;
  /** What was done, in sentences. */
  readonly method: string;
  /** When, from which commit, and on what adapter. */
  readonly measured: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What did not hold; empty where all did. */
  readonly failures: readonly string[];
}

/** What a part is told by the command line. */
export interface Effort {
  /** Simulated tables of the coverage study. */
  readonly sets: number;
  /** Replicates of each table's bootstrap. */
  readonly replicates: number;
  /** A part of the names of the ladders that are looked at, without drawn runs; all by default. */
  readonly ladder: string | undefined;
  /** Minutes of random property tests. */
  readonly minutes: number;
  /** Fits of the soak test; a bootstrap follows every fifth. */
  readonly fits: number;
  /** Points of each float64 function. */
  readonly points: number;
  readonly backend: "auto" | "webgpu" | "cpu";
}
