import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { claimRegion, GrowingRegion, type Region } from "../../src/wasm/regions.ts";

/** A region that there has to be. */
function claimed(...claim: Parameters<typeof claimRegion>): Region {
  const region = claimRegion(...claim);
  if (region === undefined) throw new Error("the memory is full");
  return region;
}

const PAGE = 2 ** 16;

describe.each([
  ["a memory of one thread", false],
  ["a shared memory", true],
])("regions of %s", (_, isShared) => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 64, shared: isShared });
  const own = { memory, isShared, lane: undefined };

  test("do not overlap, and keep their numbers when the memory grows", () => {
    const owner = {};
    const first = claimed(own, owner, 10);
    first.numbers[9] = 7;
    const second = claimed(own, owner, 10_000);
    second.numbers.fill(1);
    expect(second.numbers.length).toBeGreaterThanOrEqual(10_000);
    expect(first.numbers[9]).toBe(7);
    expect(second.address).toBeGreaterThanOrEqual(first.address + first.bytes);
  });

  test("are refused where the memory is at its end", () => {
    expect(claimRegion(own, {}, 64 * 2 ** 13)).toBeUndefined();
  });

  test("that grow leave what they had to others, and are as they were where they cannot", () => {
    const growing = new GrowingRegion(own);
    expect(growing.grow(4 * PAGE)).toBe(true);
    const before = growing.region;
    before?.numbers.fill(1);
    expect(growing.grow(64 * PAGE)).toBe(false);
    expect(growing.region).toBe(before);
    expect(growing.grow(5 * PAGE)).toBe(true);
    // In parts, as zeros.
    const parts = [claimed(own, growing, 1), claimed(own, growing, (3 * PAGE) / 8)];
    const from = before?.address ?? 0;
    expect(parts.map(({ address }) => address)).toEqual([from, from + PAGE]);
    for (const { numbers } of parts) expect(numbers.every((x) => x === 0)).toBe(true);
  });
});

test("a thread takes over what the one before it in its lane had", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 64, shared: true });
  const lanes = [3, 4, 3].map((lane) => ({ memory, isShared: true, lane }));
  const [first, other, next] = lanes.map((own) => claimRegion(own, own, 20_000));
  expect(next?.address).toBe(first?.address);
  expect(other?.address).not.toBe(first?.address);
});

test("another thread's growth leaves regions as they are, and its end leaves its regions", async () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 64, shared: true });
  const own = { memory, isShared: true, lane: 0 };
  const before = claimed(own, own, 10);
  before.numbers[9] = 7;
  // It ends in the middle of its work, with three pages of lane 1.
  const work = `
    const { workerData: memory } = require("node:worker_threads");
    const page = memory.grow(3);
    new Int32Array(memory.buffer, 2 ** 16 / 256, 2).set([page, 3]);
    new Float64Array(memory.buffer, 2 ** 16 * page).fill(1);
    process.exit(1);`;
  await once(new Worker(work, { eval: true, workerData: memory }), "exit");
  expect(before.numbers[9]).toBe(7);
  const after = claimed(own, own, 10);
  expect(after.address).toBe(5 * PAGE);
  const next = claimed({ memory, isShared: true, lane: 1 }, own, (3 * PAGE) / 8);
  expect(next.address).toBe(2 * PAGE);
  expect(next.numbers.every((x) => x === 0)).toBe(true);
});
