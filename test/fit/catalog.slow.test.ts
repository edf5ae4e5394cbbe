/** Every law of the catalog on runs of two targets that are simulated from it. */
import { describe, test } from "vitest";
import { CATALOG } from "../../src/laws/catalog/catalog.ts";
import { expectRecovered } from "./recovered-law.ts";

describe("predictions of simulated runs of two targets come back to the noise", () => {
  test.each([...CATALOG.values()].filter((law) => law.name !== "full"))("$name", (law) =>
    expectRecovered(law, "loss_web", "loss_code"),
  );
});
