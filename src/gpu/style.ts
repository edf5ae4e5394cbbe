/** What of a search kernel's text suits which adapter: the one place that decides. Figures are in docs/performance.md. */
import type { AdapterReport } from "./device.ts";

export interface Style {
  /** Whether tables are staged: see src/gpu/tables.ts. */
  readonly staged: boolean;
  /** Runs a turn of the loop over a group's, where groups are long. */
  readonly times: number;
  /** The most coordinates for which the solve is written out. */
  readonly solve: number;
  /** The most for which everything else over the P(P + 1)/2 entries of the matrix is. */
  readonly matrix: number;
  /** Invocations of a workgroup: whole subgroups, where tables are staged. */
  readonly lanes: number;
  /** Candidates a lane works through in a dispatch, where there are enough of them: a lane that is done need not wait for the slowest of its subgroup. */
  readonly depth: number;
}

/**
 * A CPU pretending to be a GPU gathers what all lanes read alike, keeps every sum in memory and writes it behind a mask once a turn; and what is indexed by a
 * variable is 10 to 50 × slower than what is written out, until the lines of a longer solve take longer to compile than they save.
 */
const SOFTWARE: Style = { staged: true, times: 2, solve: 40, matrix: 64, lanes: 8, depth: 4 };

/**
 * A GPU broadcasts what its lanes read alike. Written out, the solve outgrows its registers, and its compiler's patience: on an H200 the additive law's iterations are
 * three times as fast with loops, and the joint law's kernel takes 2.7 s to compile instead of 14.
 */
const HARDWARE: Style = { staged: false, times: 1, solve: 0, matrix: 64, lanes: 32, depth: 1 };

/** `subgroup`: lanes of a subgroup, 0 where there are none. A workgroup of one leaves no core waiting for another at the end of a dispatch. */
export const styleOf = ({ software }: AdapterReport, subgroup: number): Style =>
  software ? { ...SOFTWARE, staged: subgroup > 0, lanes: Math.max(SOFTWARE.lanes, subgroup) } : HARDWARE;

/** Coordinates from which a software adapter is slower than float64 on its cores. */
export const MOST_FOR_SOFTWARE = SOFTWARE.matrix;
