/** Examples of the library run as a reader would run them; examples.slow.test.ts has the others. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXPECTED, expectPromises, QUICK, root } from "./promises.ts";

test("every example is run", () => {
  const files = readdirSync(join(root, "examples")).filter((name) => name.endsWith(".mjs"));
  expect(files.toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
});

test.each(QUICK)("%s prints what it promises", expectPromises);
