/** Fits and validations that go on from records end as if they had never stopped. */
import { expect, test } from "vitest";
import { AbortedError } from "../../../src/base/errors.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import type { FitOptions } from "../../../src/options/fit-options.ts";
import { validate } from "../../../src/validate/validate.ts";
import { memoryRecords } from "../../support/memory-records.ts";
import { cpuEngine } from "../engines.ts";
import { draw } from "../fixture.ts";

const { runs } = draw(laws.chinchilla, { noise: 3e-3, targets: 2 });
const options: FitOptions = { restarts: 24, bootstrap: 8, backtest: true, profile: ["alpha"] };
const timeless = (file: FitFile): object => ({ ...structuredClone(file), timing: {} });

test("a fit with records is the fit without, and finds all of it the second time", async () => {
  const engine = await cpuEngine();
  const plain = await engine.fit(laws.chinchilla, runs, options);
  const records = memoryRecords();
  const first = await engine.fit(laws.chinchilla, runs, { ...options, records });
  const computed = records.size;
  const second = await engine.fit(laws.chinchilla, runs, { ...options, records });
  expect(timeless(first)).toEqual(timeless(plain));
  expect(timeless(second)).toEqual(timeless(plain));
  expect(computed).toBeGreaterThan(100);
  expect(records.size).toBe(computed);
});

test("stopped again and again, it ends in the same file", async () => {
  const engine = await cpuEngine();
  const plain = await engine.fit(laws.chinchilla, runs, options);
  const records = memoryRecords();
  let file: FitFile | undefined;
  let stops = 0;
  while (file === undefined) {
    const controller = new AbortController();
    let ticks = 0;
    const onProgress = (): void => void (++ticks > 12 + 8 * stops && controller.abort());
    try {
      file = await engine.fit(laws.chinchilla, runs, {
        ...options,
        records,
        signal: controller.signal,
        onProgress,
      });
    } catch (error) {
      expect(error).toBeInstanceOf(AbortedError);
      stops++;
    }
  }
  expect(stops).toBeGreaterThan(1);
  expect(timeless(file)).toEqual(timeless(plain));
});

test("other seeds, settings and releases find nothing of it", async () => {
  const engine = await cpuEngine();
  const few: FitOptions = { restarts: 16 };
  const records = memoryRecords();
  await engine.fit(laws.chinchilla, runs, { ...few, records });
  records.found = 0;
  await engine.fit(laws.chinchilla, runs, { ...few, delta: 2e-3, records });
  await engine.fit(laws.chinchilla, runs, { ...few, residual: "log", records });
  await engine.fit(laws.chinchilla, runs, { ...few, seed: 2, records });
  records.computedBy = "another release";
  await engine.fit(laws.chinchilla, runs, { ...few, records });
  expect(records.found).toBe(0);
});

test("a validation with records is the validation without", async () => {
  const { resources } = await cpuEngine();
  const records = memoryRecords();
  const how = { restarts: 16, by: "row", folds: 3 } as const;
  const plain = await validate(resources, [laws.chinchilla], runs, how);
  const first = await validate(resources, [laws.chinchilla], runs, { ...how, records });
  const { size } = records;
  const second = await validate(resources, [laws.chinchilla], runs, { ...how, records });
  for (const result of [first, second])
    expect({ ...result, timing: {} }).toEqual({ ...plain, timing: {} });
  expect(records.size).toBe(size);
});
