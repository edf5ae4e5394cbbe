import { expect, test } from "vitest";
import { fc } from "../support/property.ts";
import { json } from "../../src/base/json.ts";

test("says what JSON.stringify says", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(json(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(json({ a: undefined, b: NaN, c: [] })).toBe('{\n  "b": null,\n  "c": []\n}');
});

test("keeps numbers on a line", () => {
  const long = Array.from({ length: 50 }, (_, i) => i);
  expect(json({ long, short: ["a", "b"], objects: [{ x: 1 }] })).toBe(
    `{\n  "long": [${long.join(", ")}],\n  "short": ["a", "b"],\n  "objects": [\n    {\n      "x": 1\n    }\n  ]\n}`,
  );
});
