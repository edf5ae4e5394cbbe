/**
 * What of a search kernel's text suits which adapter: the one place that decides. Figures are in
 * docs/performance.md.
 */
import type { AdapterReport } from "./device.ts";

export interface Style {
  /** Whether tables are staged: see src/gpu/search/tables.ts. */
  readonly staged: boolean;
  /** Runs a turn of the loop over a group's at most, where groups are long. */
  readonly times: number;
  /** The most coordinates for which the solve is written out. */
  readonly solve: number;
  /** The most for which everything else over the P(P + 1)/2 entries of the matrix is. */
  readonly matrix: number;
  /**
   * The most coordinates for which iterations are a loop in the kernel: else they are dispatches.
   */
  readonly looped: number;
  /** Invocations of a workgroup: whole subgroups, where tables are staged. */
  readonly lanes: number;
}

/**
 * A CPU pretending to be a GPU gathers what all lanes read alike, keeps every sum in memory and
 * writes it behind a mask once a turn; and what is indexed by a variable is 10 to 50 × slower than
 * what is written out. Longer text would take minutes to compile.
 */
export const SOFTWARE: Style = {
  staged: true,
  times: 4,
  solve: 64,
  matrix: 64,
  looped: 23,
  lanes: 8,
};

/**
 * A GPU broadcasts what its lanes read alike. Written out, the solve outgrows its registers, and
 * its compiler's patience: on an H200 the additive law's iterations are four times as fast with
 * loops, the joint law's twice, and the joint law's kernel takes 2.7 s to compile instead of 14.
 */
export const HARDWARE: Style = {
  staged: false,
  times: 1,
  solve: 0,
  matrix: 64,
  looped: Infinity,
  lanes: 32,
};

/**
 * SwiftShader's compiler takes 20 s for the sums over 19 coordinates written out, and more than a
 * minute with the solve; in loops, 1.4 s. Loops are slower than float64 on one core: with `auto`
 * such laws are the CPU's.
 */
export const SWIFTSHADER: Style = {
  staged: true,
  times: 1,
  solve: 8,
  matrix: 8,
  looped: Infinity,
  lanes: 8,
};

const isSwiftShader = ({ architecture, description }: AdapterReport): boolean =>
  /swiftshader/i.test(`${architecture} ${description}`);

/**
 * `subgroup`: lanes of a subgroup, 0 where there are none. A workgroup of one leaves no core
 * waiting for another at the end of a dispatch.
 */
export function styleOf(report: AdapterReport, subgroup: number): Style {
  if (!report.software) return HARDWARE;
  const style = isSwiftShader(report) ? SWIFTSHADER : SOFTWARE;
  return { ...style, staged: subgroup > 0, lanes: Math.max(style.lanes, subgroup) };
}

/**
 * For `auto`: seconds that a kernel for so many coordinates compiles, and how many times as fast as
 * one thread in float64 it then is on a full adapter.
 */
export function paceOf(
  report: AdapterReport,
  p: number,
): { readonly compile: number; readonly speed: number } {
  if (!report.software) return { compile: 0.15 + 0.0022 * p * p, speed: 400 };
  if (isSwiftShader(report))
    return p <= SWIFTSHADER.matrix ? { compile: 0.3, speed: 4 } : { compile: 2, speed: 0.3 };
  // Kernels that stay loops index private arrays, which llvmpipe gathers lane by lane.
  return p > SOFTWARE.matrix
    ? { compile: 6, speed: 1 }
    : { compile: 0.25 + 4e-5 * p ** 3, speed: 28 };
}
