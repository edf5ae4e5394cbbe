/** Fits and validations that end at a deadline say what is missing, and go on from records. */
import { expect, test } from "vitest";
import { DeadlineError, InputError } from "../../../src/base/errors.ts";
import { unfinishedFit } from "../../../src/fit/records/unfinished-fit.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { validate } from "../../../src/validate/validate.ts";
import { memoryRecords } from "../../support/memory-records.ts";
import { cpuEngine } from "../engines.ts";
import { draw } from "../fixture.ts";

const { runs } = draw(laws.chinchilla, { noise: 3e-3, targets: 2 });
const quick = { restarts: 16, backtest: false } as const;

test("a fit has what was found by then, and says how many replicates", async () => {
  const engine = await cpuEngine();
  const many = { ...quick, bootstrap: 100_000, interval: "percentile" } as const;
  const file = await engine.fit(laws.chinchilla, runs, { ...many, deadline: 0.6 });
  expect(file.fits).toHaveLength(2);
  expect(file.unfinished).toMatchObject({ code: "deadline-passed" });
  expect(file.unfinished?.sentence).toMatch(
    /^the deadline came before the end: (\d+ of 100000 replicates of chinchilla are done|the search of chinchilla was stopped)$/,
  );
});

test("with records the next run goes on, and ends as one without a deadline", async () => {
  const engine = await cpuEngine();
  const options = { ...quick, bootstrap: 12 };
  const plain = await engine.fit(laws.chinchilla, runs, options);
  expect(plain).not.toHaveProperty("unfinished");
  const records = memoryRecords();
  await engine
    .fit(laws.chinchilla, runs, { ...options, records, deadline: "0.1s" })
    .catch((error: unknown) => expect(error).toBeInstanceOf(DeadlineError));
  const file = await engine.fit(laws.chinchilla, runs, { ...options, records, deadline: "1h" });
  expect({ ...file, timing: {} }).toEqual({ ...plain, timing: {} });
});

test("laws that were not begun are named", async () => {
  const engine = await cpuEngine();
  const file = await engine.fit(laws.chinchilla, runs, quick);
  const { sentence } = unfinishedFit(file, [laws.chinchilla, laws.joint, laws.full]);
  expect(sentence).toBe("the deadline came before the end: joint and full were not begun");
});

test("a validation has the laws that were done; none is an error", async () => {
  const { resources } = await cpuEngine();
  const how = { restarts: 4096, by: "row", folds: 3, deadline: 1e-3 } as const;
  await expect(validate(resources, [laws.chinchilla], runs, how)).rejects.toThrow(DeadlineError);
});

test("what is no time is refused", async () => {
  const engine = await cpuEngine();
  for (const deadline of ["10", "soon", 0, -1, NaN, 3e6])
    await expect(engine.fit(laws.chinchilla, runs, { ...quick, deadline })).rejects.toThrow(
      InputError,
    );
});
