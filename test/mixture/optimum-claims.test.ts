/** What is said of an optimum, on the cases that have been said wrongly. */
import { memoryRecords } from "../support/memory-records.ts";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Bootstrap, FitFile } from "../../src/fit/result/fit-file.ts";
import { storePoints } from "../../src/fit/result/stored-replicates.ts";
import { upgraded } from "../../src/fit/result/upgrade-fit-file.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import type { OptimizeOptions } from "../../src/mixture/request/optimize-options.ts";
import type { Optimum } from "../../src/mixture/request/optimum.ts";
import { standsAsOptimum } from "../../src/mixture/request/optimum-verdict.ts";
import { drawLosses, fileOf } from "./fixture.ts";

const read = (name: string): FitFile =>
  upgraded(JSON.parse(readFileSync(`../shared/cases/${name}.json`, "utf8")) as FitFile);
const solve = (file: FitFile, options: OptimizeOptions = {}): Promise<Optimum> =>
  optimize(file, {
    params: 1e9,
    tokens: 2e10,
    beyond: true,
    epsilon: 0,
    samples: 1024,
    ...options,
  });
const codes = ({ verdict }: Optimum): string[] => verdict.findings.map(({ code }) => code);

/** Two joint laws whose mixture terms have exponents far above 1, so that corners are basins. */
function jointWithTwoBasins(): FitFile {
  const losses = drawLosses("joint", 4, 1, 3).map((loss) => ({
    ...loss,
    fitted: {
      ...loss.fitted,
      theta: loss.fitted.law.coordinates.map(({ name }, i) =>
        name.startsWith("gamma") ? 3 : loss.fitted.theta[i],
      ),
    },
  }));
  return fileOf(losses);
}

/** Constraints that every mixture fulfills: none may change the answer. */
const VACUOUS: [string, OptimizeOptions][] = [
  ["none", {}],
  ["an L1 ball", { constraints: { trust: { measure: "l1", radius: 2 } } }],
  ["a KL ball", { constraints: { trust: { measure: "kl", radius: 20 } } }],
  ["a group", { constraints: { groups: [{ domains: ["web", "code"], max: 1 }] } }],
];

describe("a goal with several local optima", () => {
  const saddle = read("claims/saddle");
  const twoBasins = read("claims/two-basins");

  test.each(VACUOUS)("the uniform mixture, a maximum, is left: %s", async (_, options) => {
    const best = await solve(saddle, options);
    expect(best.objective).toBeCloseTo(2.5, 9);
    expect(best.certificate.certified).toBe(true);
    expect(best.verdict.status).toBe("global");
  });

  test.each<[string, OptimizeOptions]>([
    ...VACUOUS,
    ["a loss that may not be much worse", { noWorse: { loss_web: 1.5 } }],
  ])("the better basin is found: %s", async (_, options) => {
    const best = await solve(twoBasins, options);
    expect(best.objective).toBeCloseTo(2, 9);
    expect(best.verdict.status).toBe("global");
    expect(best.search.optima[1].objective).toBeCloseTo(2.5, 9);
  });

  test("a search that was recorded is not made again, and its answer is the same", async () => {
    const whole = memoryRecords();
    const best = await solve(twoBasins, { records: whole });
    const records = memoryRecords();
    await records.keep(whole.all().slice(0, 1));
    expect(await solve(twoBasins, { records })).toEqual(best);
    expect(records.found).toBe(1);
  });

  test("the better basin is found: worst of the targets", async () => {
    const best = await solve(twoBasins, { objective: "worst" });
    expect(best.predicted["loss_web"]).toBeCloseTo(2, 9);
  });

  test("without a proof it is the best of several, with the runner-up", async () => {
    const best = await solve(jointWithTwoBasins());
    expect(best.verdict.status).toBe("local");
    expect(codes(best)).toContain("best-of-local-optima");
    expect(best.search).toMatchObject({ proof: null, lowerBound: null });
    expect(best.search.found).toBeGreaterThan(1);
    expect(best.search.reasons).not.toEqual([]);
    const [first, next] = best.search.optima;
    expect(first.distance).toBe(0);
    expect(next.distance).toBeGreaterThan(0.01);
    expect(next.objective).toBeGreaterThanOrEqual(first.objective);
    expect(first.descents + next.descents).toBeLessThanOrEqual(best.search.descents);
  });

  test.each([
    ["hard0", 1.876453],
    ["hard1", 1.798982],
    ["hard2", 1.804761],
  ])("of 24 domains with caps is found, and proved: %s", async (name, least) => {
    const file = read(`claims/${name}`);
    const caps = Object.fromEntries(file.data.domains.map((domain) => [domain, 0.2]));
    const best = await solve(file, { constraints: { caps } });
    expect(best.objective).toBeLessThanOrEqual(least + 1e-5);
    expect(best.search.proof).toBe("bound");
    expect(codes(best)).not.toContain("best-of-local-optima");
  });
});

describe("a convex goal is proved to be solved", () => {
  test.each(["additive", "mixture", "log-linear", "linear"])("%s", async (law) => {
    const losses = drawLosses(law, 5, 2, 3).map((loss) => ({
      ...loss,
      fitted: {
        ...loss.fitted,
        theta: loss.fitted.law.coordinates.map(({ name }, i) =>
          name.startsWith("gamma") ? Math.min(0.9, loss.fitted.theta[i]) : loss.fitted.theta[i],
        ),
      },
    }));
    const best = await solve(fileOf(losses), { constraints: { caps: { d0: 0.4 } } });
    expect(best.verdict.status).toBe("global");
    expect(best.search).toMatchObject({ proof: "convex", reasons: [] });
    expect(codes(best)).not.toContain("best-of-local-optima");
  });
});

test("a lattice that has feasible mixtures is not refused", async () => {
  const caps = { web: 0.37, code: 0.37, papers: 0.37, books: 0.37 };
  const groups = [{ domains: ["web", "books"], min: 0.55 }];
  const best = await solve(read("claims/m4"), { constraints: { lattice: 10, caps, groups } });
  expect(best.lattice).toMatchObject({
    units: { web: 3, code: 1, papers: 3, books: 3 },
    exact: true,
  });
  expect(best.objective).toBeCloseTo(2.10845, 5);
});

describe("a plateau", () => {
  /** Log-linear laws whose slopes are drawn, and then all so low that only E is left. */
  const flat = (shift: number): FitFile =>
    fileOf(
      drawLosses("log-linear", 4, 1, 5).map((loss) => ({
        ...loss,
        fitted: {
          ...loss.fitted,
          theta: loss.fitted.law.coordinates.map(({ name }, i) =>
            name.startsWith("u") ? loss.fitted.theta[i] - shift : loss.fitted.theta[i],
          ),
        },
      })),
    );

  test("to rounding is said, with a share that moves along it", async () => {
    const best = await solve(flat(40));
    expect(best.verdict.status).toBe("plateau");
    expect(codes(best)).toContain("plateau");
    expect(best.search.proof).toBe("convex");
  });

  test("within the law's own error is said", async () => {
    const file = flat(0);
    const [fit] = file.fits;
    const noisy = { ...file, fits: [{ ...fit, residualSd: 50, degreesOfFreedom: 0 }] };
    expect(codes(await solve(noisy))).toContain("plateau");
  });

  test("is not said of an optimum that stands out", async () => {
    const best = await solve(flat(0));
    expect(codes(best)).not.toContain("plateau");
    expect(best.verdict.status).toBe("global");
  });

  test("optima that tie are told, and others are not", async () => {
    expect(codes(await solve(read("claims/saddle")))).toContain("tied-optima");
    expect(codes(await solve(read("claims/two-basins")))).not.toContain("tied-optima");
  });
});

describe("a bootstrap", () => {
  const file = read("claims/two-basins");
  const [fit] = file.fits;
  const size = Object.keys(fit.coordinates).length;
  const place = Object.keys(fit.coordinates).indexOf("lnC[code]");
  /** The same for each parameter, and each domain of those that have one a domain. */
  const each = (value: unknown, like: object = fit.parameters): object =>
    Object.fromEntries(
      Object.entries(like).map(([name, x]) => [
        name,
        typeof x === "object" ? each(value, x as object) : value,
      ]),
    );
  /** The file with 20 replicates, of which some have another basin's optimum as their best. */
  const bootstrapped = (others: number): FitFile => {
    const points = Array.from({ length: 20 }, (_, b) => {
      const point = Float64Array.from(Object.values(fit.coordinates));
      point[place] += b < others ? -1.5 : 0.01 * b;
      return point;
    });
    const bootstrap = {
      replicates: 20, unconverged: 0, otherBasin: 0, group: null, blocks: 20, resampling: "multinomial", level: 0.95, interval: "percentile", tolerance: 1e-5,
      parameters: each([0, 1]), standardErrors: each(1), coordinates: storePoints(points, size), jackknife: "",
    } as unknown as Bootstrap; // prettier-ignore
    return { ...file, fits: [{ ...fit, bootstrap }] };
  };

  test("whose replicates lead to another basin is said, and their share", async () => {
    const best = await solve(bootstrapped(6));
    expect(codes(best)).toContain("replicates-change-basin");
    expect(best.interval?.otherBasin.share).toBeCloseTo(0.3, 12);
    expect(best.interval?.otherBasin.distance).toBeCloseTo(1, 6);
    expect(best.interval?.regret.median).toBeGreaterThanOrEqual(0);
    expect(standsAsOptimum(best.verdict)).toBe(false);
  });

  test.each([0, 1])("whose replicates do not, but for %i of 20, is not", async (others) => {
    const best = await solve(bootstrapped(others));
    expect(codes(best)).not.toContain("replicates-change-basin");
    expect(standsAsOptimum(best.verdict)).toBe(true);
  });
});

describe("what is no optimum is not certified", () => {
  test("an infinite loss", async () => {
    await expect(solve(read("hostile/certified-infinity"))).rejects.toThrow(
      /lnA is 1e\+308; the law simple has it from -60 to 60/,
    );
    const drawn = fileOf(drawLosses("simple", 4, 2, 3));
    const fits = drawn.fits.map((fit) => ({
      ...fit,
      coordinates: { ...fit.coordinates, alpha: 10 },
    }));
    const best = await solve({ ...drawn, fits }, { params: 1e-40, units: "absolute" });
    expect(best.certificate.certified).toBe(false);
    expect(best.verdict.status).toBe("not-certified");
    expect(codes(best)).toContain("not-certified");
  });

  test("a mixture that a random one beats", async () => {
    const best = await solve(read("claims/two-basins"), { solver: "mirror", samples: 4096 });
    expect(codes(best)).toContain("random-mixture-better");
    expect(best.verdict.status).toBe("not-certified");
  });

  test("but an ordinary one is", async () => {
    const best = await solve(fileOf(drawLosses("simple", 4, 2, 3)));
    expect(codes(best)).not.toContain("not-certified");
    expect(codes(best)).not.toContain("random-mixture-better");
  });
});
