import { describe, expect, test } from "vitest";
import { claimRegion } from "../../src/wasm/regions.ts";

describe.each([
  ["a memory of one thread", false],
  ["a shared memory", true],
])("regions of %s", (_, isShared) => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 64, shared: isShared });
  const own = { memory, isShared, lane: undefined };

  test("do not overlap, and keep their numbers when the memory grows", () => {
    const owner = {};
    const first = claimRegion(own, owner, 10);
    first.numbers[9] = 7;
    const second = claimRegion(own, owner, 10_000);
    second.numbers.fill(1);
    expect(second.numbers.length).toBeGreaterThanOrEqual(10_000);
    expect(first.numbers[9]).toBe(7);
    expect(second.address).toBeGreaterThanOrEqual(first.address + first.bytes);
  });

  test("are refused where the memory is at its end", () => {
    expect(() => claimRegion(own, {}, 64 * 2 ** 13)).toThrow(RangeError);
  });
});

test("a thread takes over what the one before it in its lane had", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 64, shared: true });
  const lanes = [3, 4, 3].map((lane) => ({ memory, isShared: true, lane }));
  const [first, other, next] = lanes.map((own) => claimRegion(own, own, 20_000));
  expect(next?.address).toBe(first?.address);
  expect(other?.address).not.toBe(first?.address);
});
