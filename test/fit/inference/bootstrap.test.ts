import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { jackknife, sampleWeights, type Samples } from "../../../src/random/resampling.ts";
import type { Runs } from "../../../src/data/runs/run-set.ts";
import { DEFAULTS } from "../../../src/options/fit-options.ts";
import { bootstrapFindings } from "../../../src/fit/inference/bootstrap-report.ts";
import { AbortedError } from "../../../src/base/errors.ts";
import { replicatesOf } from "../../../src/fit/result/stored-replicates.ts";
import type { Bootstrap, FitFile } from "../../../src/fit/result/fit-file.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { readRuns } from "../../../src/node.ts";
import { describeData } from "../../support/data.ts";
import { describeGpu } from "../../support/gpu.ts";
import { backends } from "../backends.ts";
import { cpuEngine } from "../engines.ts";
import { cpuSearcher, inlinePool, interrupted, type Pool } from "../../../src/fit/search/pool.ts";
import { refit, type RefitTask } from "../../../src/fit/search/refit.ts";
import type { Searcher } from "../../../src/fit/search/problem.ts";
import { minimize } from "../../../src/solve/levenberg-marquardt.ts";
import { NormalEquations } from "../../../src/solve/normal-equations.ts";
import { runWeights } from "../../../src/fit/search/problem.ts";
import { draw, problemOf, quiet, SCALE } from "../fixture.ts";

const drawn = draw(laws.mixture, { domains: 3, mixtures: 40, noise: 3e-3, targets: 2 });
const rows = drawn.runs.train.rows;
const each = Int32Array.from({ length: rows }, (_, row) => row);

for (const { kind, suite, open } of backends(describeGpu)) {
  suite(`refits on ${kind}`, () => {
    let searcher: Searcher;
    beforeAll(async () => {
      searcher = await open();
    });

    const task = (samples: Samples, random = 0.5): RefitTask => ({
      law: drawn.law,
      problem: { ...problemOf(drawn.law, drawn.runs), samples },
      scales: drawn.truths.map(() => SCALE),
      anchors: drawn.truths.map((theta) => [theta]),
      seed: 3,
      random,
    });

    test("end in the optimum of each sample, the targets apart", async () => {
      const samples: Samples = {
        count: 9,
        blocks: rows,
        blockOf: each,
        source: { kind: "bootstrap", scheme: "multinomial", seed: 2, first: 0 },
      };
      const work = task(samples);
      const found = await refit(work, searcher, inlinePool(), quiet);
      expect(found.map((values) => values.length)).toEqual([9, 9]);
      for (const [target, of] of found.entries()) {
        for (const [sample, { theta, objective, converged }] of of.entries()) {
          const normal = new NormalEquations(
            work.problem.program,
            work.problem.packed,
            target,
            work.problem.losses[target],
          );
          normal.weigh(runWeights(work.problem, { target, sample, theta }));
          expect(normal.evaluate(theta)).toBe(objective);
          const floor = minimize(normal, theta, work.problem.box, {
            iterations: 2000,
            tolerance: 1e-13,
            gradient: 1e-9,
            newton: true,
            exact: false,
          });
          // Converged: 20 more iterations gain 0.02/runs at the most. In a valley more of them may
          // gain a little more.
          expect(converged).toBe(true);
          expect(objective).toBeLessThan(floor.objective * (1 + 20 / rows));
        }
      }
    });

    test("of the jackknife leave one block out", async () => {
      const work = task(jackknife(each, rows), 0);
      const found = await refit(work, searcher, inlinePool(), quiet);
      expect(found[0].length).toBe(rows);
      expect([...sampleWeights(work.problem.samples, 5)].indexOf(0)).toBe(5);
      // Each gains at most what its own run was worth, and without it the mean changes by no more
      // than its share.
      expect(new Set(found[0].map((r) => r.objective)).size).toBe(rows);
    });

    test("without anchors, end where those with anchors do, from random starts alone; a target with undefined is left out", async () => {
      const whole: Samples = {
        count: 2,
        blocks: 1,
        blockOf: new Int32Array(rows),
        source: { kind: "given", weights: Uint32Array.of(1, 1) },
      };
      const [alone, warm] = [
        [[], undefined],
        [[drawn.truths[0]], undefined],
      ].map((anchors) => refit({ ...task(whole, 8), anchors }, searcher, inlinePool(), quiet));
      expect((await alone).map((values) => values.length)).toEqual([2, 0]);
      for (const [sample, { objective }] of (await alone)[0].entries())
        expect(objective / (await warm)[0][sample].objective).toBeCloseTo(1, 4);
    });

    test("after an abort, whole samples are left, the same ones for every target", async () => {
      const samples: Samples = {
        count: 200,
        blocks: rows,
        blockOf: each,
        source: { kind: "bootstrap", scheme: "bayesian", seed: 2, first: 0 },
      };
      // A pool that is interrupted in its 102nd start: 50 samples of both targets and one of the
      // first target.
      const inline = inlinePool();
      const run: Pool["run"] = async (problem, starts, ...rest) =>
        (await inline.run(problem, starts, ...rest)).map((end, i) =>
          i < 101 ? end : interrupted(starts[i]),
        );
      const found = await refit(task(samples, 0), searcher, { ...inline, run }, quiet);
      expect(found.map((values) => values.length)).toEqual([50, 50]);
    });
  });
}

test("refits start near an optimum from anchors, not from random points, and go on near one", async () => {
  const source = { kind: "bootstrap", scheme: "multinomial", seed: 2, first: 0 } as const;
  const task: RefitTask = {
    law: drawn.law,
    problem: {
      ...problemOf(drawn.law, drawn.runs),
      samples: { count: 3, blocks: rows, blockOf: each, source },
    },
    scales: drawn.truths.map(() => SCALE),
    anchors: drawn.truths.map((theta) => [theta]),
    seed: 3,
    random: 1,
  };
  const pool = inlinePool();
  const cpu = cpuSearcher(pool);
  const manners: (boolean | undefined)[][] = [];
  const search: Searcher["search"] = async (problem, starts, ...rest) => {
    manners.push(Array.from(new Set(starts.map(({ near }) => near))));
    return cpu.search(problem, starts, ...rest);
  };
  await refit(task, { ...cpu, search }, pool, quiet);
  expect(manners).toEqual([[true], [undefined], [true]]);
});

describe("a fit with a bootstrap", () => {
  const { runs } = draw(laws.chinchilla, { noise: 5e-3, targets: 2, seed: 4 });
  const options = { restarts: 32, seed: 5, bootstrap: 100 };
  let file: FitFile;
  beforeAll(async () => {
    file = await (await cpuEngine()).fit(laws.chinchilla, runs, options);
  });

  test("has intervals around the estimates, and replicates in the file", () => {
    for (const fit of file.fits) {
      const { bootstrap } = fit;
      if (bootstrap === null) throw new Error("no bootstrap");
      expect(bootstrap).toMatchObject({
        replicates: 100,
        group: null,
        blocks: runs.train.rows,
        level: 0.95,
        interval: "bca",
      });
      for (const name of ["E", "alpha", "beta"]) {
        const [low, high] = bootstrap.parameters[name] as [number, number];
        expect(low).toBeLessThanOrEqual(fit.parameters[name] as number);
        expect(high).toBeGreaterThanOrEqual(fit.parameters[name] as number);
      }
      const kept = replicatesOf(fit, 5);
      expect(kept?.replicates.length).toBe(100);
      expect(kept?.jackknife.length).toBe(runs.train.rows);
      expect(new Set(kept?.replicates.map((theta) => theta.join())).size).toBe(100);
    }
  });

  test("is the same twice, and says so when rows may be checkpoints", async () => {
    const again = await (await cpuEngine()).fit(laws.chinchilla, runs, options);
    expect({ ...again, timing: {} }).toEqual({ ...file, timing: {} });
    expect(file.fits[0].warnings.join()).toMatch(/checkpoints of one run.*‘group’/);
    const groups = Array.from({ length: runs.train.rows }, (_, row) => `run ${row % 20}`);
    const grouped = { ...runs, group: "run_id", train: { ...runs.train, groups } };
    const blocks = await (
      await cpuEngine()
    ).fit(laws.chinchilla, grouped, { ...options, interval: "percentile" });
    expect(blocks.fits[0].bootstrap).toMatchObject({
      group: "run_id",
      blocks: 20,
      interval: "percentile",
      jackknife: "",
    });
    expect(blocks.fits[0].warnings.join()).not.toMatch(/checkpoints/);
  });

  test("says what its intervals leave out, and only where that is so", () => {
    const [{ bootstrap }] = file.fits;
    if (bootstrap === null) throw new Error("no bootstrap");
    const settings = { ...DEFAULTS, ...options };
    const codes = (section: Bootstrap | null, of: Runs = runs): string[] =>
      bootstrapFindings(section, of, settings).map(({ code }) => code);
    const clean = { ...bootstrap, unconverged: 5, otherBasin: 5 };
    expect(codes(clean)).toEqual(["checkpoints-resampled"]);
    const apart = { params: runs.train.inputs["params"].map((n, row) => n + row) };
    const inputs = { ...runs.train.inputs, ...apart };
    const alone = { ...runs, train: { ...runs.train, inputs } };
    expect(codes(clean, alone)).toEqual([]);
    expect(codes({ ...clean, unconverged: 6 }, alone)).toEqual(["refits-still-moving"]);
    expect(codes({ ...clean, otherBasin: 6 }, alone)).toEqual(["replicates-in-other-basin"]);
    expect(codes({ ...clean, replicates: 99, otherBasin: 4, unconverged: 4 }, alone)).toEqual(["bootstrap-interrupted"]); // prettier-ignore
    expect(codes(null, alone)).toEqual(["bootstrap-interrupted"]);
  });

  test("of one group is refused before anything is fitted", async () => {
    const one = {
      ...runs,
      train: { ...runs.train, groups: Array.from({ length: runs.train.rows }, () => "a") },
    };
    await expect((await cpuEngine()).fit(laws.chinchilla, one, options)).rejects.toThrow(
      /1 value.*at least 3.*‘group’/,
    );
  });

  test("interrupted, keeps the fit and the replicates that were done", async () => {
    const controller = new AbortController();
    const onProgress = ({ stage, fraction }: { stage: string; fraction: number }): void =>
      void (stage === "bootstrap" && fraction > 0.7 && controller.abort());
    const work = (await cpuEngine()).fit(laws.chinchilla, runs, {
      ...options,
      bootstrap: 3000,
      signal: controller.signal,
      onProgress,
    });
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof AbortedError)) throw new Error("no AbortedError");
    const [fit] = (error.partial as FitFile).fits;
    expect(fit.search.status).toBe("converged");
    expect(fit.objective).toBe(file.fits[0].objective);
    expect(fit.warnings.join()).toMatch(/interrupted (after \d+ of 3000|before any replicate)/);
  });
});

describeData("../cases/claims", "replicates along a valley", (folder) => {
  test("are in no other basin: starts that are behind at first are followed", async () => {
    const runs = await readRuns(join(folder, "five-groups.csv"), { group: "grp" });
    const fit = { restarts: 64, bootstrap: 100 };
    const [{ bootstrap, verdict }] = (await (await cpuEngine()).fit(laws.chinchilla, runs, fit))
      .fits;
    expect(bootstrap?.otherBasin).toBe(0);
    expect(verdict.findings.map(({ code }) => code)).not.toContain("replicates-in-other-basin");
  });
});
