import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type * as Availability from "../../src/wasm/availability.ts";

const whole = WebAssembly;
/** WebAssembly, which a test then takes something from. */
const real = {
  validate: (bytes: BufferSource) => whole.validate(bytes),
  Module: whole.Module,
  Memory: whole.Memory,
  CompileError: whole.CompileError,
};
let availability: typeof Availability;

beforeEach(async () => {
  vi.resetModules();
  availability = await import("../../src/wasm/availability.ts");
});
afterEach(() => vi.unstubAllGlobals());

const reason = (): string => {
  const choice = availability.float64Choice();
  return choice.kind === "javascript" ? choice.why : "";
};

test("WebAssembly computes here, in one memory that threads can share", () => {
  const memory = availability.wasmMemory();
  expect(memory?.isShared).toBe(true);
  expect(availability.wasmMemory()).toBe(memory);
});

test.each([
  ["none", () => vi.stubGlobal("WebAssembly", undefined), "there is no WebAssembly here"],
  [
    "no SIMD",
    () => vi.stubGlobal("WebAssembly", { ...real, validate: () => false }),
    "WebAssembly has no SIMD instructions here",
  ],
  [
    "a policy that forbids it",
    () => vi.stubGlobal("WebAssembly", { ...real, Module: refusing(WebAssembly.CompileError) }),
    "'wasm-unsafe-eval'",
  ],
  [
    "too little address space",
    () => vi.stubGlobal("WebAssembly", { ...real, Memory: refusing(RangeError) }),
    "ulimit -v",
  ],
] as const)("with %s JavaScript computes, and the reason is known", (_, arrange, words) => {
  arrange();
  expect(availability.wasmMemory()).toBeUndefined();
  expect(reason()).toContain(words);
});

test("a thread follows another's choice", () => {
  const order = availability.float64Order();
  availability.forbidWasm("a test forbids it");
  expect(availability.wasmMemory()).toBeUndefined();
  availability.followFloat64(order);
  expect(availability.wasmMemory()?.isShared).toBe(true);
  availability.followFloat64({ kind: "javascript", why: "the main thread has none" });
  expect(reason()).toBe("the main thread has none");
});

/** A constructor that throws. */
const refusing = (kind: new (message?: string) => Error) =>
  function refuse(): never {
    throw new kind("refused");
  };
