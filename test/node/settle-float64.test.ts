import { afterEach, describe, expect, test, vi } from "vitest";
import { spaceLeft } from "../../src/node/settle-float64.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules(); // what was chosen here is not for other files of this process
});

/** The modules as they are in a process that has not chosen yet. */
async function newProcess() {
  vi.resetModules();
  const { settleFloat64 } = await import("../../src/node/settle-float64.ts");
  const { float64Choice } = await import("../../src/wasm/availability.ts");
  const { InputError } = await import("../../src/base/errors.ts");
  return { settleFloat64, float64Choice, InputError };
}

describe("address space", () => {
  test.each([
    [Infinity, 64, "webassembly"],
    [14.984e9, 4, "webassembly"],
    [15.3e9, 16, "javascript"],
    [8e9, 1, "javascript"],
  ] as const)("of %d bytes with %d threads leaves float64 to %s", async (left, threads, kind) => {
    const { settleFloat64, float64Choice } = await newProcess();
    settleFloat64(threads, left);
    expect(float64Choice().kind).toBe(kind);
    if (kind === "javascript")
      expect(float64Choice()).toMatchObject({ why: expect.stringContaining("ulimit -v") });
  });

  test("that the memory of an earlier engine takes is not asked for again", async () => {
    const { settleFloat64, float64Choice } = await newProcess();
    settleFloat64(4, 16e9);
    const first = float64Choice();
    expect(first.kind).toBe("webassembly");
    settleFloat64(4, 4e9);
    expect(float64Choice()).toBe(first);
  });

  test("is read of what Linux says of the process", () => {
    const limits = (most: string): string =>
      `Max locked memory         8388608     8388608     bytes\nMax address space         ${most}  ${most}  bytes\n`;
    const status = (kB: number): string => `VmPeak:\t 9234567 kB\nVmSize:\t ${kB} kB\n`;
    expect(spaceLeft(limits("16384000000"), status(2_000_000))).toBe(16_384_000_000 - 2_048_000_000); // prettier-ignore
    expect(spaceLeft(limits("unlimited"), status(1_000_000))).toBe(Infinity);
    // With or without Node's threads for files, as with --out: enough for four threads.
    const usual = [1_046_196, 1_308_344].map((kB) => spaceLeft(limits("16384000000"), status(kB)));
    expect(usual).toEqual([14.984e9, 14.984e9]);
  });
});

test("MIXLAW_FLOAT64 asks for JavaScript, and takes nothing else", async () => {
  const { settleFloat64, float64Choice, InputError } = await newProcess();
  vi.stubEnv("MIXLAW_FLOAT64", "javascript");
  settleFloat64(1);
  expect(float64Choice()).toEqual({ kind: "javascript", why: "MIXLAW_FLOAT64 asks for it" });
  vi.stubEnv("MIXLAW_FLOAT64", "java");
  expect(() => settleFloat64(1)).toThrow(InputError);
});
