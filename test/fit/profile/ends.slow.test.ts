import { test } from "vitest";
import { expectEnds, SLOW_CASES } from "./profile-ends.ts";

test.each(SLOW_CASES.map((ends) => [ends[0], ends] as const))(
  "all ends of %s are where they are said to be (case %#)",
  (_, ends) => expectEnds(ends),
);
