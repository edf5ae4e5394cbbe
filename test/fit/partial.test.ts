/** What was found before a failure comes with the error. */
import { expect, test } from "vitest";
import { partialOf } from "../../src/base/errors.ts";
import { openWith } from "../../src/api.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { inlinePool, type Pool } from "../../src/fit/search/pool.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import type { Validation } from "../../src/validate/validation.ts";
import { draw } from "./fixture.ts";

const { runs } = draw(laws.mixture, { noise: 3e-3, domains: 3, mixtures: 30 });
const LOST = new Error("the workers are gone");

/** An engine whose pool fails once `isLost` says so, of the problem's title. */
const engineThat = (isLost: (title: string, hasSamples: boolean) => boolean) => {
  const inner = inlinePool();
  const run: Pool["run"] = (problem, ...task) =>
    isLost(problem.title, problem.samples !== undefined && task[0].some(({ sample }) => sample !== undefined)) // prettier-ignore
      ? Promise.reject(LOST)
      : inner.run(problem, ...task);
  return openWith({
    backend: "cpu",
    gpu: () => Promise.resolve(undefined),
    pool: { ...inner, run },
    notice: () => undefined,
  });
};

const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

const QUICK = { restarts: 8, backtest: false } as const;

test("a fit that fails at its second law has the first", async () => {
  const engine = await engineThat((title) => title.startsWith("simple"));
  const error = await failure(engine.fit([laws.mixture, laws.simple], runs, QUICK));
  expect(error).toBe(LOST);
  const { schema, fits, rows } = partialOf(error) as FitFile;
  expect([schema, fits.map(({ law }) => law), rows === undefined]).toEqual(["mixlaw/fit@2", ["mixture"], false]); // prettier-ignore
});

test("a fit that fails in its bootstrap has the fits without it", async () => {
  const engine = await engineThat((_, hasSamples) => hasSamples);
  const error = await failure(engine.fit(laws.mixture, runs, { ...QUICK, bootstrap: 5 }));
  const { fits } = partialOf(error) as FitFile;
  expect(fits.map(({ bootstrap, search }) => [bootstrap, search.status])).toEqual([[null, "converged"]]); // prettier-ignore
});

test("a validation that fails at its second law has the first", async () => {
  const engine = await engineThat((title) => title.startsWith("simple"));
  const error = await failure(engine.validate([laws.mixture, laws.simple], runs, { ...QUICK, folds: 2 })); // prettier-ignore
  expect((partialOf(error) as Validation).laws.map(({ law }) => law)).toEqual(["mixture"]);
});

test("an error before anything was found has nothing", async () => {
  const engine = await engineThat(() => true);
  const error = await failure(engine.fit(laws.mixture, runs, QUICK));
  expect([error === LOST, partialOf(error)]).toEqual([true, undefined]);
});
