import { describe, expect, test } from "vitest";
import { claimRegion } from "../../src/wasm/regions.ts";

describe.each([
  ["a memory of one thread", false],
  ["a shared memory", true],
])("regions of %s", (_, isShared) => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 64, shared: isShared });

  test("do not overlap, and keep their numbers when the memory grows", () => {
    const owner = {};
    const first = claimRegion({ memory, isShared }, owner, 10);
    first.numbers[9] = 7;
    const second = claimRegion({ memory, isShared }, owner, 10_000);
    second.numbers.fill(1);
    expect(second.numbers.length).toBeGreaterThanOrEqual(10_000);
    expect(first.numbers[9]).toBe(7);
    expect(second.address).toBeGreaterThanOrEqual(first.address + first.bytes);
  });

  test("are refused where the memory is at its end", () => {
    expect(() => claimRegion({ memory, isShared }, {}, 64 * 2 ** 13)).toThrow(RangeError);
  });
});
