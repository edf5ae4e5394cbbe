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
  /** Minutes of random property tests. */
  readonly minutes: number;
  /** Fits of the soak test; a bootstrap follows every fifth. */
  readonly fits: number;
  /** Points of each float64 function. */
  readonly points: number;
  readonly backend: "auto" | "webgpu" | "cpu";
}
