import { afterEach, expect, test, vi } from "vitest";
import {
  float64Choice,
  float64Order,
  followFloat64,
  forbidWasm,
  possibleFloat64,
  wasmMemory,
} from "../../src/wasm/availability.ts";

const whole = WebAssembly;
/** WebAssembly, which a test then takes something from. */
const real = {
  validate: (bytes: BufferSource) => whole.validate(bytes),
  Module: whole.Module,
  Memory: whole.Memory,
  CompileError: whole.CompileError,
};
const order = float64Order(0);

afterEach(() => {
  vi.unstubAllGlobals();
  followFloat64(order);
});

test("WebAssembly computes here, in one memory that threads can share", () => {
  const memory = wasmMemory();
  expect(memory?.isShared).toBe(true);
  expect(wasmMemory()).toBe(memory);
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
    () => vi.stubGlobal("WebAssembly", { ...real, Module: refusing(whole.CompileError) }),
    "'wasm-unsafe-eval'",
  ],
  [
    "too little address space",
    () => vi.stubGlobal("WebAssembly", { ...real, Memory: refusing(RangeError) }),
    "ulimit -v",
  ],
] as const)("with %s JavaScript computes, and the reason is known", (_, arrange, words) => {
  arrange();
  expect(possibleFloat64()).toEqual({ kind: "javascript", why: expect.stringContaining(words) });
});

test("a fault of WebAssembly is not taken for a policy", () => {
  vi.stubGlobal("WebAssembly", { ...real, Module: refusing(TypeError) });
  expect(() => possibleFloat64()).toThrow(TypeError);
});

test("a thread follows another's choice", () => {
  const own = wasmMemory();
  forbidWasm("a test forbids it");
  expect(wasmMemory()).toBeUndefined();
  followFloat64(order);
  // The same object, by which it knows its regions.
  expect(wasmMemory()).toBe(own);
  followFloat64({ kind: "webassembly" });
  expect(wasmMemory()?.isShared).toBe(false);
  expect(float64Order(0)).toEqual({ kind: "webassembly" });
  followFloat64({ kind: "javascript", why: "the main thread has none" });
  expect(float64Choice()).toEqual({ kind: "javascript", why: "the main thread has none" });
});

test("a thread that cannot follow says so", () => {
  vi.stubGlobal("WebAssembly", undefined);
  expect(() => followFloat64({ kind: "webassembly" })).toThrow("there is no WebAssembly here");
});

/** A constructor that throws. */
const refusing = (kind: new (message?: string) => Error) =>
  function refuse(): never {
    throw new kind("refused");
  };
