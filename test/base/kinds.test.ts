import { expect, test } from "vitest";
import { either, inWords, namesOf } from "../../src/base/kinds.ts";

test("kinds are listed for people, with what their names do not say", () => {
  const kinds = { raw: "predicted - observed", log: "", relative: "" };
  expect(namesOf(kinds)).toEqual(["raw", "log", "relative"]);
  expect(inWords(kinds)).toBe("raw (predicted - observed), log or relative");
  expect(either(["a"])).toBe("a");
  expect(either([])).toBe("");
});
