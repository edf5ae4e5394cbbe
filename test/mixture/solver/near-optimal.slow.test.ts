import { test } from "vitest";
import { expectCurvedRanges } from "./curved-ranges.ts";

test("curved constraints, the worst target and what may be left out are part of the set", () =>
  expectCurvedRanges(4));
