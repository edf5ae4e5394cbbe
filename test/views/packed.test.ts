import { expect, test } from "vitest";
import { packed, unpacked } from "../../src/views/kit/packed.ts";

test("data come back as they were, arrays that are one as one", () => {
  const losses = Float64Array.of(0.1, NaN, -Infinity);
  const value = { a: losses, deep: [{ b: losses, c: Float64Array.of(2) }], name: "</script>", none: null }; // prettier-ignore
  const back = unpacked(packed(value)) as typeof value;
  expect(back).toEqual(value);
  expect(back.deep[0]?.b).toBe(back.a);
});

test("a number that JSON has not is refused by its key", () => {
  expect(() => packed({ share: NaN })).toThrow('a number to be drawn ("share") overflows');
});
