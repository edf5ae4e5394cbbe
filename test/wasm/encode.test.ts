import { describe, expect, test } from "vitest";
import { float64, int64, signed, text, unsigned } from "../../src/wasm/encode.ts";

/** LEB128 read back, as the specification defines its value. */
const valueOf = (bytes: readonly number[]): bigint =>
  bytes.reduce((sum, byte, at) => sum + (BigInt(byte & 0x7f) << BigInt(7 * at)), 0n);

/** Random whole numbers of every length in bits. */
const randomBits = (bits: number): bigint =>
  BigInt.asUintN(
    bits,
    Array.from({ length: 3 }, () => Math.floor(Math.random() * 2 ** 32)).reduce(
      (sum, word) => (sum << 32n) | BigInt(word),
      0n,
    ),
  );

describe("LEB128", () => {
  test("of unsigned numbers reads back, in as few bytes as can be", () => {
    const edges = [0, 1, 0x7f, 0x80, 0x3fff, 0x4000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
    const random = Array.from({ length: 500 }, (_, i) => Number(randomBits(1 + (i % 32))));
    for (const value of [...edges, ...random]) {
      const bytes = unsigned(value);
      expect(valueOf(bytes)).toBe(BigInt(value));
      expect(bytes.length).toBe(Math.max(1, Math.ceil(value.toString(2).length / 7)));
      expect(bytes.map((byte) => byte >> 7)).toEqual(bytes.map((_, i) => +(i < bytes.length - 1)));
    }
  });

  test("of signed numbers reads back with its sign, in as few bytes as can be", () => {
    const edges = [0n, -1n, 63n, 64n, -64n, -65n, -(2n ** 31n), 2n ** 63n - 1n, -(2n ** 63n)];
    const random = Array.from({ length: 500 }, (_, i) =>
      BigInt.asIntN(1 + (i % 64), randomBits(64)),
    );
    for (const value of [...edges, ...random]) {
      const bytes = signed(value);
      expect(BigInt.asIntN(7 * bytes.length, valueOf(bytes))).toBe(value);
      if (bytes.length > 1)
        expect(BigInt.asIntN(7 * (bytes.length - 1), valueOf(bytes))).not.toBe(value);
    }
  });

  test("has the bytes of the specification's examples", () => {
    expect(unsigned(624485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(signed(-123456)).toEqual([0xc0, 0xbb, 0x78]);
  });
});

test("numbers and texts are little-endian bytes", () => {
  expect(float64(1)).toEqual([0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
  expect(int64(-2n)).toEqual([0xfe, ...Array<number>(7).fill(0xff)]);
  expect(text("φ")).toEqual([2, 0xcf, 0x86]);
});
