/** A start's result does not depend on how the GPU's work is cut. */
import { expect, test } from "vitest";
import { whole } from "../../../src/random/resampling.ts";
import { GpuSearcher } from "../../../src/fit/search/gpu/searcher.ts";
import type { StartEnd, Start } from "../../../src/fit/search/problem.ts";
import { recordWords } from "../../../src/gpu/search/kernel-plan.ts";
import { styleOf, teamOf } from "../../../src/gpu/style.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { Device } from "../../../src/gpu/device.ts";
import { describeGpu, openDevice } from "../../support/gpu.ts";
import { REPORT, sharedDevice } from "../backends.ts";
import { around, draw, problemOf, quiet, random } from "../fixture.ts";

/** Bytes of a slice of `lanes` lanes of 5 coordinates, with its state. */
const bytesFor = (lanes: number): number => 4 * recordWords(5) * lanes;

describeGpu("slices, rounds and chunks", () => {
  const drawn = draw(laws.chinchilla, { noise: 3e-3, targets: 3 });
  const problem = problemOf(drawn.law, drawn.runs);
  // 3 targets of 67: no multiple of a workgroup, of a slice or of a chunk.
  const starts = [...random(drawn, 50), ...around(drawn, 1, 17)];

  test.each([
    ["slices of 100", { bytes: bytesFor(100) }],
    ["slices of a workgroup", { bytes: 1 }],
    ["one workgroup a dispatch", { workgroups: 1 }],
    ["slices of 50, three workgroups a dispatch", { bytes: bytesFor(50), workgroups: 3 }],
  ])("%s give the same bits", async (_, limits) => {
    const device = await sharedDevice();
    const expected = await new GpuSearcher(device).search(problem, starts, 70, quiet);
    expect(await new GpuSearcher(device, limits).search(problem, starts, 70, quiet)).toEqual(
      expected,
    );
  });

  test("iterations that are dispatches give the same bits as in a loop of the kernel", async () => {
    const device = await sharedDevice();
    const style = styleOf(device.report, device.subgroup);
    const expected = await new GpuSearcher(device, {
      style: { ...style, loopedIterations: 5 },
    }).search(problem, starts, 70, quiet);
    const ends = await new GpuSearcher(device, {
      style: { ...style, loopedIterations: 4 },
    }).search(problem, starts, 70, quiet);
    expect(ends).toEqual(expected);
    expect(new Set(ends.map((f) => f.ending)).size).toBeGreaterThan(1);
  });

  test.each([
    ["its mixture", (row: number) => Math.floor(row / 20)],
    ["itself", (row: number) => row],
  ])(
    "as a sample in which every run counts once, resampled by %s, it has the same bits and the replicates' kernel",
    async (_, block) => {
      const mixed = draw(laws.additive, { domains: 3, mixtures: 12, noise: 3e-3 });
      const { law, runs } = mixed;
      const posed = problemOf(law, runs);
      const blockOf = Int32Array.from({ length: runs.train.rows }, (__, row) => block(row));
      const blocks = Math.max(...blockOf) + 1;
      const sampled = { ...posed, samples: whole({ blocks, blockOf }) };
      const source = { kind: "bootstrap", scheme: "multinomial", seed: 1, first: 0 } as const;
      const searcher = new GpuSearcher(await sharedDevice());
      const many = around(mixed, 1, 24);
      expect(await searcher.search(sampled, many, 40, quiet)).toEqual(
        await searcher.search(posed, many, 40, quiet),
      );
      expect(searcher.prepared({ ...posed, samples: { count: 9, blocks, blockOf, source } })).toBe(
        true,
      );
    },
  );

  test("of a problem that is held the tables are put on the device once, and taken away in the end", async () => {
    const gpu = await openDevice();
    const buffers: GPUBuffer[] = [];
    const destroyed = new Set<GPUBuffer>();
    const create = gpu.createBuffer.bind(gpu);
    gpu.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      buffers.push(buffer);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        destroyed.add(buffer);
        destroy();
      };
      return buffer;
    };
    const searcher = new GpuSearcher(new Device(gpu, REPORT));
    const search = () => searcher.search(problem, starts.slice(0, 9), 6, quiet);
    const left = (): number => buffers.length - destroyed.size;
    const expected = await search();
    const [each, leftBefore] = [buffers.length, left()];
    const release = searcher.hold(problem);
    expect(await search()).toEqual(expected);
    const tables = left() - leftBefore;
    expect(tables).toBeGreaterThan(1);
    expect(await search()).toEqual(expected);
    expect(buffers.length).toBe(3 * each - tables);
    release();
    await Promise.resolve();
    expect(left()).toBe(leftBefore);
    expect(await search()).toEqual(expected);
    expect(left()).toBe(leftBefore);
  });

  test("a start alone gives the same bits as among others", async () => {
    const searcher = new GpuSearcher(await sharedDevice());
    const expected = await searcher.search(problem, starts, 70, quiet);
    for (const n of [0, 100, starts.length - 1])
      expect(await searcher.search(problem, [starts[n]], 70, quiet)).toEqual([expected[n]]);
  });

  test("a second search, with chunks as large as the first has learned, gives the same bits", async () => {
    const searcher = new GpuSearcher(await sharedDevice());
    const first = await searcher.search(problem, starts, 70, quiet);
    expect(await searcher.search(problem, starts, 70, quiet)).toEqual(first);
  });

  test("progress goes from 0 to 1 and never back", async () => {
    const ticks: number[] = [];
    const watch = { signal: undefined, tick: (done: number) => void ticks.push(done) };
    // Slices enough: one that teams search is a single chunk where its candidates are few.
    await new GpuSearcher(await sharedDevice(), { bytes: bytesFor(25) }).search(
      problem,
      starts,
      70,
      watch,
    );
    expect(ticks.length).toBeGreaterThan(5);
    expect(ticks.every((x, i) => x >= (ticks[i - 1] ?? 0) && x <= 1 + 1e-12)).toBe(true);
  });

  test("more workgroups than a dispatch may have", async () => {
    const tiny = draw(laws.chinchilla, {
      noise: 3e-3,
      sizes: [1e8, 3e8],
      tokens: [2e9, 1e10, 5e10],
    });
    const small = problemOf(tiny.law, tiny.runs);
    const few = random(tiny, 67);
    const device = await sharedDevice();
    const style = styleOf(device.report, device.subgroup);
    const most = device.limits.maxComputeWorkgroupsPerDimension;
    expect(most).toBeGreaterThanOrEqual(65_535);
    // Two workgroups more than the limit, the starts repeated: 67 is prime, so that every lane of a
    // workgroup gets every start.
    const lanes = ((most + 2) * style.workgroup) / teamOf(style, 5, Infinity) - 1;
    const many: Start[] = Array.from({ length: lanes }, (_, i) => few[i % few.length]);
    const searcher = new GpuSearcher(device, { bytes: bytesFor(lanes), style });
    const expected = await searcher.search(small, few, 2, quiet);
    const ends = await searcher.search(small, many, 2, quiet);
    expect(ends.length).toBe(lanes);
    const same = (a: StartEnd, b: StartEnd): boolean =>
      a.objective === b.objective &&
      a.ending === b.ending &&
      a.theta.every((x, i) => x === b.theta[i]);
    expect(ends.findIndex((f, i) => !same(f, expected[i % few.length]))).toBe(-1);
  });
});
