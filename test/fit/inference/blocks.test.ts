/** Which rows share their error, and what is said of it. */
import { describe, expect, test } from "vitest";
import type { Runs } from "../../../src/data/runs/run-set.ts";
import { errorBlocks } from "../../../src/data/runs/shared-errors.ts";
import type { Fit } from "../../../src/fit/result/fit-file.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { lawFromFormula } from "../../../src/laws/formula/formula.ts";
import { stream } from "../../../src/random/rng.ts";
import { cpuEngine } from "../engines.ts";
import { draw } from "../fixture.ts";

const engine = await cpuEngine();
const squared = { loss: "squared", restarts: 16 } as const;
const codesOf = ({ verdict }: Fit): string[] => verdict.findings.map(({ code }) => code);

/** Runs with a group column. */
const grouped = (runs: Runs, labelOf: (row: number) => string): Runs => ({
  ...runs,
  group: "grp",
  train: {
    ...runs.train,
    groups: Array.from({ length: runs.train.rows }, (_, row) => labelOf(row)),
  },
});

describe("blocks", () => {
  const { runs } = draw(laws.mixture, { domains: 2, mixtures: 12, zeros: false });
  const several = draw(laws.additive, { domains: 2, mixtures: 12, zeros: false }).runs;

  test("are rows of equal N and shares where no group column is named", () => {
    expect(errorBlocks(several)).toMatchObject({ kind: "configuration", blocks: 48, apart: 0 });
    expect([...errorBlocks(several).blockOf.subarray(0, 6)]).toEqual([0, 0, 0, 0, 0, 1]);
    expect(errorBlocks(runs)).toMatchObject({ kind: "rows", blocks: 12, apart: 0 });
  });

  test("are rows where there would be a handful of them, and it is known how many", () => {
    const sizes = draw(laws.chinchilla).runs; // 4 sizes at 5 token counts
    expect(errorBlocks(sizes)).toMatchObject({ kind: "rows", blocks: 20, apart: 20 });
  });

  test("are those of the group column", () => {
    const runIds = grouped(several, (row) => `${row % 7}`);
    expect(errorBlocks(runIds)).toMatchObject({ kind: "group", blocks: 7, apart: 0 });
  });
});

describe("standard errors of rows that share their error", () => {
  // y = a + b·x at ten values of x, ten rows each, with noise common to the rows of one x.
  const [blocks, each] = [10, 10];
  const rows = blocks * each;
  const x = Float64Array.from({ length: rows }, (_, row) => Math.floor(row / each));
  const table = (seed: number): Runs => {
    const draws = stream(seed, 9007);
    const y = x.map((at, row) => 3 + 0.5 * at + 0.1 * draws.normal(at, 0) + 0.01 * draws.normal(row, 2)); // prettier-ignore
    const train = { rows, rowNumbers: Int32Array.from(x.keys()), inputs: { x }, weights: new Float64Array(), losses: [y] }; // prettier-ignore
    return { source: "drawn", sha256: "", domains: [], targets: ["y"], train, test: undefined, dropped: [], notes: [] }; // prettier-ignore
  };
  const line = lawFromFormula("y = a + b*x", { inputs: ["x"] });

  test("cover the truth with groups, and do not without", async () => {
    const held = { group: 0, rows: 0 };
    for (let seed = 1; seed <= 40; seed++) {
      const runs = table(seed);
      for (const kind of ["group", "rows"] as const) {
        const used = kind === "rows" ? runs : grouped(runs, (row) => `${x[row]}`);
        const [fit] = (await engine.fit(line, used, { ...squared, restarts: 2 })).fits;
        const half = (kind === "group" ? 2.262 : 1.984) * (fit.standardErrors?.["b"] as number);
        if (Math.abs((fit.parameters["b"] as number) - 0.5) <= half) held[kind]++;
        expect(fit.errors?.degreesOfFreedom).toBe(kind === "group" ? blocks - 1 : rows - 2);
      }
    }
    expect(held.group).toBeGreaterThanOrEqual(35);
    expect(held.rows).toBeLessThan(24);
  });
});

describe("a bootstrap says", () => {
  const drawn = draw(laws.additive, {
    domains: 2,
    mixtures: 24,
    zeros: false,
    noise: 5e-3,
    sizes: [1e8, 1e9],
  });
  const options = { restarts: 4, bootstrap: 4, interval: "percentile", loss: "squared" } as const;

  test("that blocks were assumed, or that groups are few, or neither", async () => {
    const { runs } = drawn; // 24 mixtures of 2 sizes at 5 token counts
    const fitOf = async (used: Runs): Promise<Fit> =>
      (await engine.fit(laws.additive, used, options)).fits[0];
    const assumed = await fitOf(runs);
    expect(codesOf(assumed)).toContain("blocks-assumed");
    expect(codesOf(assumed)).not.toContain("few-groups");
    expect(assumed.bootstrap).toMatchObject({ blocks: 48, blockKind: "configuration" });
    const few = await fitOf(grouped(runs, (row) => `${row % 5}`));
    expect(codesOf(few)).toContain("few-groups");
    expect(codesOf(few)).not.toContain("blocks-assumed");
    const many = await fitOf(grouped(runs, (row) => `${Math.floor(row / 5)}`));
    expect(codesOf(many)).not.toContain("few-groups");
  });
});
