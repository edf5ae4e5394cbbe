import { describe, test } from "vitest";
import { LOSSES } from "../../src/expr/loss.ts";
import { check, differenced } from "./differences.ts";
import { bindings } from "./fixture.ts";

describe("gradient and Gauss–Newton matrix meet finite differences", () => {
  test.each(bindings(1, 7))("%s, all losses", (_, law) => {
    const differences = differenced(law, "raw");
    for (const loss of LOSSES) check(differences, loss);
    check(differenced(law, "relative"), "huber");
  });

  test.each(bindings(64).filter(([name]) => name.includes("free")))("%s", (_, law) => {
    check(differenced(law, law.law.name === "additive" ? "relative" : "log"), "huber");
  });
});
