/** Every law of the catalog on runs that are simulated from it. */
import { describe, test } from "vitest";
import { CATALOG } from "../../src/laws/catalog/catalog.ts";
import { expectRecovered } from "./recovered-law.ts";

// catalog.slow.test.ts has two targets of each.
describe("predictions of simulated runs come back to the noise", () => {
  test.each([...CATALOG.values()].filter((law) => law.name !== "full"))("$name", (law) =>
    expectRecovered(law, "loss_web"),
  );
});
