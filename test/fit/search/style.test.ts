/**
 * A kernel's result does not depend on how its text suits an adapter, but for the order in which
 * float32 sums round.
 */
import { expect, test } from "vitest";
import { blocksOf } from "../../../src/random/resampling.ts";
import { GpuSearcher } from "../../../src/fit/search/gpu/searcher.ts";
import { cpuSearcher, inlinePool } from "../../../src/fit/search/pool.ts";
import type { Problem, Start } from "../../../src/fit/search/problem.ts";
import { HARDWARE, SOFTWARE, type Style, SWIFTSHADER } from "../../../src/gpu/style.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { describeGpu } from "../../support/gpu.ts";
import { sharedDevice } from "../backends.ts";
import { around, draw, type Drawn, problemOf, quiet } from "../fixture.ts";

/** Those that adapters get, and others that differ from them in one thing. */
const STYLES: readonly Style[] = [
  HARDWARE,
  SOFTWARE,
  SWIFTSHADER,
  { ...HARDWARE, runsPerTurn: 3 },
  { ...HARDWARE, writtenSolve: 40, loopedIterations: 0 },
  { ...SOFTWARE, runsPerTurn: 1, workgroup: 32 },
];

const sizes = (count: number, from = 1e8): number[] =>
  Array.from({ length: count }, (_, i) => from * 1.1 ** i);

/**
 * Runs a group: below, at and above what a subgroup of 8 or 32 passes round, and what a turn takes.
 */
const cases: readonly (readonly [string, Drawn])[] = [
  [
    "one group of 240 runs",
    draw(laws.chinchilla, { noise: 3e-3, sizes: sizes(16), tokens: sizes(15, 2e9) }),
  ],
  [
    "groups of 23",
    draw(laws.additive, {
      noise: 3e-3,
      mixtures: 9,
      sizes: sizes(1),
      tokens: sizes(23, 2e9),
      targets: 2,
    }),
  ],
  [
    "groups of 8",
    draw(laws.additive, { noise: 3e-3, mixtures: 17, sizes: sizes(2), tokens: sizes(4, 2e9) }),
  ],
  [
    "groups of 33",
    draw(laws.joint, { noise: 3e-3, mixtures: 12, sizes: sizes(3), tokens: sizes(11, 2e9) }),
  ],
  ["each run a group of its own", draw(laws.mixture, { noise: 3e-3, domains: 3, mixtures: 37 })],
  [
    "more runs than a uniform buffer holds",
    draw(laws.chinchilla, { noise: 3e-3, sizes: sizes(70), tokens: sizes(61, 2e9) }),
  ],
];

describeGpu("kernels of every style", () => {
  test.each(cases)("%s: the same steps", async (_, drawn) => {
    const device = await sharedDevice();
    const problem = problemOf(drawn.law, drawn.runs);
    const starts = around(drawn, 0.02, 11); // no multiple of a subgroup
    await agree(device, problem, starts);
  });

  test.each([["of whole groups", 8], ["across groups", 5]] as const)("sample weights %s", async (_, runs) => {
    const drawn = draw(laws.additive, { noise: 3e-3, mixtures: 10, sizes: sizes(1), tokens: sizes(8, 2e9) });
    const { blockOf, blocks } = blocksOf(Array.from({ length: drawn.runs.train.rows }, (__, row) => `${Math.floor(row / runs)}`));
    const samples = { count: 4, blocks, blockOf, source: { kind: "bootstrap", scheme: "multinomial", seed: 4, first: 7 } } as const;
    // Every second one as near an optimum.
    const starts = around(drawn, 0.02, 9).map((start, i) => ({ ...start, sample: i % 4, near: i % 2 === 1 }));
    await agree(await sharedDevice(), { ...problemOf(drawn.law, drawn.runs), samples }, starts);
  }); // prettier-ignore
});

/**
 * Six iterations end at the same objectives as the float64 twin's, within what float32 sums of so
 * many terms lose.
 */
async function agree(
  device: Awaited<ReturnType<typeof sharedDevice>>,
  problem: Problem,
  starts: readonly Start[],
): Promise<void> {
  const styles = STYLES.filter((style) => !style.staged || device.subgroup > 0).map((style) => ({
    ...style,
    workgroup: Math.max(style.workgroup, device.subgroup), // whole subgroups
  }));
  const byStyle = [];
  for (const style of styles)
    byStyle.push(await new GpuSearcher(device, { style }).search(problem, starts, 6, quiet));
  const twin = await cpuSearcher(inlinePool()).search(problem, starts, 6, quiet);
  for (const [n, ends] of byStyle.entries()) {
    for (const [i, { objective, ending }] of ends.entries()) {
      expect(["limit", "converged"], JSON.stringify(styles[n])).toContain(ending);
      // The kernel divides by the mean mass of all samples, the twin by the sample's own.
      const expected = problem.samples === undefined ? twin[i] : byStyle[0][i];
      expect(
        Math.abs(objective / expected.objective - 1),
        `${JSON.stringify(styles[n])}, start ${i}`,
      ).toBeLessThan(2e-3);
    }
  }
}
