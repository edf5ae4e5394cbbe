import { describe, expect, test } from "vitest";
import {
  bytesOf,
  declareBindings,
  declareConstants,
  declareStruct,
  type Fields,
  groupEntries,
  layoutEntries,
  packStructs,
  packUniforms,
  packUniformSteps,
  placeOf,
  UNIFORM_STEP,
  uniformBytes,
  unpackStructs,
  vectorIndex,
  vectorsFor,
} from "../../src/gpu/layout.ts";

describe("layout", () => {
  const bindings = [
    { name: "settings", type: "Settings", access: "uniform" },
    { name: "table", type: "array<f32>", access: "read" },
    { name: "out", type: "array<u32>", access: "read_write" },
  ] as const;
  const uniforms = { count: "u32", delta: "f32", last: "u32" } as const;

  test("declarations and bind group layout agree on numbers and kinds", () => {
    expect(declareBindings(bindings).split("\n")).toEqual([
      "@group(0) @binding(0) var<uniform> settings: Settings;",
      "@group(0) @binding(1) var<storage, read> table: array<f32>;",
      "@group(0) @binding(2) var<storage, read_write> out: array<u32>;",
    ]);
    expect(
      layoutEntries(bindings).map((entry) => [entry.binding, entry.visibility, entry.buffer?.type]),
    ).toEqual([
      [0, 4, "uniform"],
      [1, 4, "read-only-storage"],
      [2, 4, "storage"],
    ]);
  });

  test("constants are whole numbers, or WGSL as it is", () => {
    expect(declareConstants({ P: 5, TINY: "1e-30" })).toBe("const P = 5u;\nconst TINY = 1e-30;");
  });

  test("uniforms are written where their struct has them, in whole blocks of 16 bytes", () => {
    expect(declareStruct("Settings", uniforms)).toBe(
      "struct Settings {\n  count: u32,\n  delta: f32,\n  last: u32,\n}",
    );
    const view = new DataView(packUniforms(uniforms, { delta: 0.5, last: 0xffffffff, count: 7 }));
    expect([
      view.byteLength,
      view.getUint32(0, true),
      view.getFloat32(4, true),
      view.getUint32(8, true),
    ]).toEqual([16, 7, 0.5, 0xffffffff]);
    expect(
      packUniforms(
        { a: "u32", b: "u32", c: "u32", d: "u32", e: "f32" },
        { a: 1, b: 2, c: 3, d: 4, e: 5 },
      ).byteLength,
    ).toBe(32);
  });

  test("several of them are at places where a part of a buffer may be bound, and are bound there", () => {
    const each = [1, 2, 3].map((count) => ({ count, delta: 0.5, last: 9 }));
    const bytes = packUniformSteps(uniforms, each);
    expect(UNIFORM_STEP % 256).toBe(0);
    for (const [i, values] of each.entries()) {
      const own = bytes.slice(UNIFORM_STEP * i, UNIFORM_STEP * i + uniformBytes(uniforms));
      expect(own).toEqual(packUniforms(uniforms, values));
    }
    const buffer = { label: "whole" } as GPUBuffer;
    const part = { buffer, offset: UNIFORM_STEP, size: uniformBytes(uniforms) };
    expect(groupEntries(bindings, { settings: part, table: buffer, out: buffer })).toEqual([
      { binding: 0, resource: part },
      { binding: 1, resource: { buffer } },
      { binding: 2, resource: { buffer } },
    ]);
  });

  test("a missing value, buffer or binding is named", () => {
    const values: Readonly<Record<string, number>> = { count: 1, last: 2 };
    expect(() => packUniforms<Fields>(uniforms, values)).toThrow(/field delta has no value/);
    expect(() => groupEntries(bindings, {})).toThrow(/binding settings has no buffer/);
  });

  test("structs are written one after the other, and read back by column", () => {
    const bytes = packStructs(uniforms, [
      { count: 1, delta: 0.5, last: 0xffffffff },
      { count: 2, delta: -1, last: 3 },
    ]);
    expect(bytes.byteLength).toBe(2 * bytesOf(uniforms));
    expect(unpackStructs(uniforms, bytes)).toEqual({
      count: Float64Array.of(1, 2),
      delta: Float64Array.of(0.5, -1),
      last: Float64Array.of(0xffffffff, 3),
    });
  });

  test("a column is a component of a vector of its row", () => {
    expect(placeOf(6)).toEqual({ vector: 1, component: "z" });
    expect([0, 1, 4, 5].map(vectorsFor)).toEqual([0, 1, 1, 2]);
    expect(vectorIndex("row", 1, 0)).toBe("row");
    expect(vectorIndex("row", 3, 0)).toBe("row * 3u");
    expect(vectorIndex("row", 3, 2)).toBe("row * 3u + 2u");
  });
});
