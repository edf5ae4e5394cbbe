/** Which optima a search came to, how often, and what may be said of that. */
import { describe, expect, test } from "vitest";
import { searchFindings } from "../../../src/fit/examine/fit-findings.ts";
import type { Fit, FitFile, Search } from "../../../src/fit/result/fit-file.ts";
import { basinsOf, unseenChance } from "../../../src/fit/search/basins.ts";
import { type Candidate, type End, isFollowed } from "../../../src/fit/search/candidates.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { lawFromFormula } from "../../../src/laws/formula/formula.ts";
import type { FitOptions } from "../../../src/options/fit-options.ts";
import { cpuEngine } from "../engines.ts";
import { draw, SCALE } from "../fixture.ts";

const engine = await cpuEngine();
const { law } = draw(laws.chinchilla);
const width = law.coordinates.map(({ spec }) => {
  const [low, high] = spec.start(SCALE, 0);
  return high - low;
});

const end = (objective: number, origin: End["origin"] = "random"): End => ({ objective, origin });
const candidate = (
  objective: number,
  ending: Candidate["ending"],
  theta: Float64Array,
): Candidate => ({
  target: 0,
  origin: "random",
  theta,
  objective,
  ending,
});

describe("basins", () => {
  const best = { theta: new Float64Array(law.size), objective: 1 };
  const away = best.theta.map((x, i) => x + 2 * width[i]);
  const ends = [1, 1.0004, 1.0009, 1.002, 1.0025, 1.1, 2].map((x) => end(x));
  const hops = [end(1.00001, "hop"), end(1.1, "hop"), end(3, "hop")];
  const kept = [candidate(1.002, "limit", away)];

  test("are the optima that starts and hops ended in, best first, with their distance", () => {
    const found = basinsOf([...ends, ...hops], kept, best, law, SCALE);
    expect(found).toMatchObject({ followed: 7, hopped: 3, others: { basins: 0 } });
    expect(found.basins.map(({ objective, starts, hops: n }) => [objective, starts, n])).toEqual([
      [1, 3, 1],
      [1.002, 2, 0],
      [1.1, 1, 1],
      [2, 1, 0],
      [3, 0, 1],
    ]);
    expect([...found.objectives]).toEqual([1, 1.0004, 1.0009, 1.002, 1.0025, 1.1, 2]);
    const [first, second, third] = found.basins.map(({ distance }) => distance);
    expect([first, third]).toEqual([0, null]);
    expect(second).toBeCloseTo(2, 12);
  });

  test("that are many are counted", () => {
    const many = Array.from({ length: 40 }, (_, n) => end(1 + n / 10));
    const { basins, others } = basinsOf(many, [], best, law, SCALE);
    expect(basins.length).toBe(12);
    expect(others).toEqual({ basins: 28, starts: 28, hops: 0 });
  });

  test("that a single random start ended in, over those followed, are the chance of one more", () => {
    // Alone: 2. Not alone: the first three, the next two, and that of 1.1, where a hop ended too.
    expect(unseenChance([...ends, ...hops], 1, SCALE)).toBe(1 / 7);
    expect(unseenChance([end(1), end(1)], 1, SCALE)).toBe(0);
    expect(unseenChance([end(1, "given")], 1, SCALE)).toBeNull();
  });

  test("the estimate is right for starts of known chances", () => {
    // 200 basins of chance 1/400 each, and one that has the rest; 100 starts. The chance that the
    // next is new is known for each draw; the estimates are right on average.
    let [estimated, actual] = [0, 0];
    let state = 1;
    const nextBasin = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * 400);
    };
    for (let round = 0; round < 200; round++) {
      const drawn = Array.from({ length: 100 }, nextBasin).map((n) => (n < 200 ? n + 2 : 1));
      estimated +=
        unseenChance(
          drawn.map((n) => end(n)),
          1,
          SCALE,
        ) ?? NaN;
      actual += (200 - new Set(drawn.filter((n) => n > 1)).size) / 400;
    }
    expect(estimated / actual).toBeGreaterThan(0.95);
    expect(estimated / actual).toBeLessThan(1.05);
  });
});

test("starts that were dropped, stopped or never had a value say nothing", () => {
  const theta = new Float64Array(1);
  const endings = ["converged", "stalled", "limit", "dropped", "interrupted"] as const;
  expect(endings.filter((ending) => isFollowed(candidate(1, ending, theta)))).toEqual([
    "converged",
    "stalled",
    "limit",
  ]);
  expect(isFollowed(candidate(Infinity, "nonfinite", theta))).toBe(false);
});

test("of 512 starts a quarter is followed, and those are what agreement is of", async () => {
  const { runs } = draw(laws.chinchilla, { noise: 3e-3 });
  const [{ search }] = (await engine.fit(laws.chinchilla, runs, { restarts: 512 })).fits;
  expect(search.starts).toBe(512);
  const { followed = 0, basins = [], otherBasins } = search;
  expect(followed).toBe(512 - search.ended.dropped - search.ended.nonfinite);
  expect(basins[0]).toMatchObject({ starts: search.reachedBest, hops: search.hops.reachedBest });
  const listed = basins.reduce((sum, { starts }) => sum + starts, 0);
  expect(listed + (otherBasins?.starts ?? 0)).toBe(followed);
});

describe("adaptive restarts", () => {
  const { runs } = draw(laws.chinchilla, { noise: 3e-3, targets: 2 });

  test("are the default, and stop after a batch where starts agree, with the same best fit", async () => {
    const file = await engine.fit(laws.chinchilla, runs);
    const whole = await engine.fit(laws.chinchilla, runs, { restarts: 512 });
    for (const [t, { objective, search }] of file.fits.entries()) {
      expect(search.restarts).toEqual({ asked: "auto", done: 32 });
      expect(search).toMatchObject({ starts: 32, followed: 32, reachedBest: 32, unseen: 0 });
      expect(search.hops.starts).toBe(32);
      expect(objective / whole.fits[t].objective).toBeCloseTo(1, 12);
      expect(whole.fits[t].search.restarts).toEqual({ asked: 512, done: 512 });
    }
  });

  test("start from the same points as without batches", async () => {
    // What becomes of a start does not depend on its batch: the first is 32 starts.
    const adaptive = await engine.fit(laws.chinchilla, runs, { seed: 7 });
    const fixed = await engine.fit(laws.chinchilla, runs, { seed: 7, restarts: 32 });
    const ends = ({ fits }: FitFile): unknown =>
      fits.map(({ search: { objectives, basins } }) => [objectives, basins?.map((b) => b.starts)]);
    expect(ends(adaptive)).toEqual(ends(fixed));
  });

  test("are none beside starts, unless they are asked for", async () => {
    const starts = [{ E: 2, A: 100, alpha: 0.3, B: 100, beta: 0.3 }];
    const done = async (options: FitOptions): Promise<unknown> =>
      (await engine.fit(laws.chinchilla, runs, options)).fits[0].search.restarts;
    expect(await done({ starts })).toEqual({ asked: 0, done: 0 });
    expect(await done({ starts, adaptiveRestarts: true })).toEqual({ asked: "auto", done: 32 });
    expect(await done({ starts, restarts: 5 })).toEqual({ asked: 5, done: 5 });
  });

  test("go on where starts end apart, to the most that was asked for", async () => {
    // A sine of unknown frequency: each start ends in an optimum of its own.
    const x = Float64Array.from({ length: 60 }, (_, row) => row / 10);
    const { train } = runs;
    const losses = [x.map((v) => Math.sin(7.3 * v + 1))];
    const table = { ...runs, targets: ["y"], train: { ...train, rows: 60, rowNumbers: Int32Array.from(x.keys()), inputs: { x }, weights: new Float64Array(), losses } }; // prettier-ignore
    const wave = lawFromFormula("sin(w*x + p)", {
      inputs: ["x"],
      parameters: { w: { start: [0, 60] }, p: { start: [0, 6] } },
    });
    const options = { adaptiveRestarts: true, restarts: 300, loss: "squared" } as const;
    const [{ search }] = (await engine.fit(wave, table, options)).fits;
    expect(search.starts).toBe(300);
    expect(search.unseen).toBeGreaterThan(0.02);
  });
});

describe("findings of a search", () => {
  const search: Search = {
    starts: 512,
    followed: 128,
    reachedBest: 1,
    hops: { starts: 128, reachedBest: 0 },
    status: "converged",
    ended: { converged: 128, stalled: 0, limit: 0, dropped: 384, nonfinite: 0 },
    origin: "random",
  };
  const codes = (over: Partial<Search>): string[] =>
    searchFindings({ ...search, ...over }, 1e-3).map(({ code }) => code);

  test("few that agree, of those followed", () => {
    expect(codes({})).toEqual(["few-starts-agree"]);
    expect(searchFindings(search, 0)[0].sentence).toMatch(
      /^only one of 128 starts that were followed to their end and 128 hops/,
    );
    expect(codes({ reachedBest: 2 })).toEqual([]);
    expect(codes({ reachedBest: 0, hops: { starts: 128, reachedBest: 2 } })).toEqual([]);
  });

  test("not converged, and interrupted", () => {
    expect(codes({ reachedBest: 9, status: "not-converged" })).toEqual(["not-converged"]);
    expect(codes({ reachedBest: 9, status: "interrupted" })).toEqual(["interrupted"]);
  });
});

describe("fits of the same objective", () => {
  // Eight mixtures, a line each, at two sizes and three token counts: runs that are repeated, for a
  // law without mixtures. δ is far below what they differ by.
  const y = Float64Array.of(
    4.866035, 4.440627, 4.168343, 3.96017, 3.538354, 3.266176,
    4.829753, 4.415048, 4.142093, 3.936274, 3.50885, 3.243234,
    4.84032, 4.413358, 4.141686, 3.932231, 3.509158, 3.23915,
    4.863427, 4.435375, 4.170114, 3.957856, 3.531143, 3.259502,
    4.893977, 4.466933, 4.18806, 3.983286, 3.558314, 3.284546,
    4.885346, 4.463914, 4.192651, 3.985717, 3.558959, 3.285442,
    4.842555, 4.412492, 4.141329, 3.938613, 3.512835, 3.239085,
    4.840587, 4.416258, 4.142416, 3.932565, 3.506559, 3.238008,
  ); // prettier-ignore
  const { runs } = draw(laws.chinchilla);
  const inputs = {
    params: y.map((_, row) => (row % 6 < 3 ? 1e7 : 1e8)),
    tokens: y.map((_, row) => 1e9 * 4 ** (row % 3)),
  };
  const rowNumbers = Int32Array.from(y.keys(), (row) => row + 1);
  const train = { rows: y.length, rowNumbers, inputs, weights: new Float64Array(), losses: [y] };
  const fitted = async (seed: number, loss: "huber" | "squared"): Promise<Fit> =>
    (await engine.fit(laws.chinchilla, { ...runs, train }, { restarts: 64, seed, loss })).fits[0];

  test("are a plateau, whatever the seed: their parameters are not determined", async () => {
    const fits = await Promise.all([1, 2, 3, 4].map((seed) => fitted(seed, "huber")));
    for (const { verdict, search, certificate } of fits) {
      const found = verdict.findings.find(({ code }) => code === "plateau-of-fits");
      const moved = ["E", "A", "alpha", "B", "beta"];
      expect(found?.about).toEqual(moved);
      expect(Object.keys(search.plateau?.parameters ?? {})).toEqual(moved);
      expect(certificate.notIdentified).toEqual(moved);
    }
    const [first, ...others] = fits.map(({ objective }) => objective);
    for (const objective of others) expect(objective / first).toBeCloseTo(1, 12);
  });

  test("are none under squared loss for what has one answer", async () => {
    const { verdict, certificate } = await fitted(1, "squared");
    expect(verdict.findings.map(({ code }) => code)).not.toContain("plateau-of-fits");
    expect(certificate.notIdentified).not.toContain("beta");
  });
});
