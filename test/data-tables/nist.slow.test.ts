/** NIST's reference problem whose searches take longest. */
import { describe, test } from "vitest";
import { describeData } from "../support/data.ts";
import { expectCertified, expectFoundByData, problemIn, SEARCHED_SLOWLY } from "./nist-checks.ts";

describeData("nist", "the 18 problems", (folder) => {
  describe(SEARCHED_SLOWLY, () => {
    test("from start random", () => expectCertified(problemIn(folder, SEARCHED_SLOWLY), "random"));

    test("with no ranges given", () => expectFoundByData(problemIn(folder, SEARCHED_SLOWLY)));
  });
});
