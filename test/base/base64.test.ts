import { expect, test } from "vitest";
import { decode64, encode64, encodeBytes } from "../../src/base/base64.ts";

test("bytes of every length and value are Node's base64", () => {
  const all = Uint8Array.from({ length: 300 }, (_, i) => (i * 37) % 256);
  for (let length = 0; length <= all.length; length++) {
    const bytes = all.subarray(0, length);
    expect(encodeBytes(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  }
});

test("numbers come back as they were, those that are none too", () => {
  const values = Float64Array.of(0.1, -0, Infinity, -Infinity, NaN, 5e-324, 2 ** 53 + 2);
  expect([...decode64(encode64(values))]).toEqual([...values]);
  expect(encode64(new Float64Array())).toBe("");
});
