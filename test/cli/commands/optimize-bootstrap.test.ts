/** `mixlaw optimize` on fits with a bootstrap. */
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Optimum } from "../../../src/mixture/request/optimum.ts";
import { root, rowsOf, workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const place = workplace();
const here = { cwd: place.path(".") };

beforeAll(async () => {
  const words = "--law mixture --targets loss_web,loss_code --where".split(" ");
  const boot = [
    "--restarts",
    "8",
    "--bootstrap",
    "40",
    "--group",
    "mixture_id",
    "--out",
    "boot.json",
  ];
  const made = await mixlaw(
    [
      "fit",
      join(root, "test/simulated/runs.csv"),
      "--backend",
      "cpu",
      "--threads",
      "1",
      ...words,
      "n_params > 6e8 and n_tokens > 1.3e10",
      ...boot,
    ],
    here,
  );
  expect(made).toMatchObject({ code: 0 });
  place.write(
    "candidates.csv",
    "name,h_web,h_code,h_papers,h_books\neven,0.25,0.25,0.25,0.25\nwebby,0.97,0.01,0.01,0.01\n",
  );
});
const askBoot = (...words: string[]): ReturnType<typeof mixlaw> =>
  mixlaw(["optimize", "boot.json", "--backend", "cpu", "--samples", "2000", ...words], here);

test("shares have intervals, the gain is corrected, candidates are ranked", async () => {
  const { code, stdout } = await askBoot(
    "--candidates",
    "candidates.csv",
    "--out",
    "mix.csv",
    "--level",
    "0.9",
    "--interval",
    "percentile",
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/^domain +share % +90 % interval +near-optimal %$/m);
  expect(stdout).toMatch(
    /^candidate +objective +above the best +90 % +best, chance % +mean rank\n─+\neven /m,
  );
  expect(stdout).toMatch(/From 40 bootstrap\s+replicates: the objective is/);
  expect(stdout).toMatch(/Over the uniform mixture it gains \S+ by this fit, and/);
  expect(stdout.split("\n").filter((line) => line.length > 110)).toEqual([]);
  expect(stdout).toMatch(/Wrote mix\.csv and mix-candidates\.csv\.\n$/);
  expect(place.read("mix.csv")).toMatch(/^domain,weight,tokens,epochs\n/);
  const [best, other] = rowsOf(place.read("mix-candidates.csv"));
  expect([best?.["name"], other?.["name"], other?.["h_web"], other?.["breaks"]]).toEqual(["even", "webby", "0.97", ""]); // prettier-ignore
  expect(Number(best?.["chance_best"]) + Number(other?.["chance_best"])).toBeCloseTo(1);
  const [low, high] = [Number(best?.["objective_low"]), Number(best?.["objective_high"])];
  expect(0 < low && low < high).toBe(true);
});

test("--json has all of it, --no-intervals none, --robust another objective", async () => {
  const plain = JSON.parse((await askBoot("--json")).stdout) as Optimum;
  expect(plain.interval).toMatchObject({
    replicates: 40,
    level: 0.95,
    interval: "percentile",
    candidates: [],
  });
  expect(plain.interval?.optima.length).toBe(40);
  expect(
    (JSON.parse((await askBoot("--json", "--no-intervals")).stdout) as Optimum).interval,
  ).toBeNull();
  const robust = JSON.parse((await askBoot("--json", "--robust", "q95")).stdout) as Optimum;
  expect(robust).toMatchObject({ robust: "q95", certificate: { certified: true } });
  expect(robust.objective).toBeGreaterThan(plain.objective);
  expect((await askBoot("--robust", "mean")).stdout).toMatch(
    /minimizes the mean, over the bootstrap's replicates, of the mean of loss_web and loss_code/,
  );
});
