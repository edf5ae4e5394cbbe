/** A device that is lost at any moment of a fit, its bootstrap and an optimum changes no number. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Engine, openWith } from "../../src/api.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { inlinePool } from "../../src/fit/search/pool.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import type { Optimum } from "../../src/mixture/request/optimum.ts";
import { draw } from "../fit/fixture.ts";
import { faultyGpu } from "../support/faulty-gpu.ts";
import { describeGpu } from "../support/gpu.ts";

const { runs } = draw(laws.additive, { domains: 3, mixtures: 15, noise: 3e-3, targets: 2 });
const MOMENTS = Array.from({ length: 20 }, (_, i) => (i + 0.5) / 20);

interface Answer {
  readonly file: FitFile;
  readonly optimum: Optimum;
}

/** Everything but times and what is said of faults. */
const numbersOf = ({ file, optimum }: Answer): object => ({
  fits: file.fits.map((fit) => ({ ...fit, verdict: undefined, warnings: undefined })),
  weights: optimum.weights,
  prediction: optimum.prediction,
  monteCarlo: optimum.monteCarlo,
});

const isFault = ({ code }: { readonly code: string }): boolean => code === "device-lost";

describeGpu("a device that is lost", () => {
  const { gpu, devices } = faultyGpu();
  let engine: Engine;
  let expected: Answer;
  let seconds: number;
  let told = 0;

  const answer = async (): Promise<Answer> => {
    const options = { restarts: 64, seed: 5, bootstrap: 40 };
    const file = await engine.fit(laws.additive, runs, options);
    return { file, optimum: await engine.optimize(file, { params: 1e9, tokens: 2e10 }) };
  };
  beforeAll(async () => {
    engine = await openWith({
      backend: "webgpu",
      gpu: () => Promise.resolve(gpu),
      pool: inlinePool(),
      notice: () => undefined,
    });
    await answer(); // the kernels are in the driver's cache
    const began = performance.now();
    expected = await answer();
    seconds = (performance.now() - began) / 1000;
  });
  afterAll(() => engine.close());

  test.each(MOMENTS)("at %f of the work", async (moment) => {
    const timer = setTimeout(() => devices.at(-1)?.destroy(), 1000 * seconds * moment);
    const got = await answer();
    clearTimeout(timer);
    expect(numbersOf(got)).toEqual(numbersOf(expected));
    const findings = [...got.file.fits, got.optimum].flatMap(({ verdict }) => verdict.findings);
    if (findings.some(isFault)) told++;
  });

  test("is told in the conclusion of a validation", async () => {
    const opened = devices.length;
    const { conclusion } = await engine.validate([laws.additive, laws.simple], runs, {
      restarts: 16,
      by: "mixture",
      onProgress: ({ stage }) => {
        if (stage === "search" && devices.length === opened) devices.at(-1)?.destroy();
      },
    });
    expect(conclusion.findings.filter(isFault)).toHaveLength(1);
  });

  test("is told where it broke work off", () => {
    expect(devices.length).toBeGreaterThan(5);
    expect(told).toBeGreaterThan(2);
  });
});
