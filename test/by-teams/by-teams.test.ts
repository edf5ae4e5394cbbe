/** Where all suites are to search by teams, they do: of the projects that have `teams-setup.ts`. */
import { expect, test } from "vitest";
import { GpuSearcher } from "../../src/fit/search/gpu/searcher.ts";
import { Device } from "../../src/gpu/device.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { rest } from "../../src/node/sleep.ts";
import { draw, problemOf, quiet, random } from "../fit/fixture.ts";
import { faultyGpu } from "../support/faulty-gpu.ts";
import { describeGpu } from "../support/gpu.ts";

describeGpu("a searcher that nobody tells how", () => {
  test("searches by teams", async () => {
    const asked: string[] = [];
    const { gpu } = faultyGpu({
      rewrite: (code) => {
        asked.push(code);
        return code;
      },
    });
    const device = await Device.open(gpu, { rest });
    const drawn = draw(laws.chinchilla, { noise: 3e-3 });
    const problem = problemOf(drawn.law, drawn.runs);
    const ends = await new GpuSearcher(device).search(problem, random(drawn, 3), 4, quiet);
    device.close();
    expect(ends).toHaveLength(3);
    expect(asked.map((code) => /const TEAMS? = \d+u/g.exec(code)?.[0])).toEqual([
      "const TEAM = 8u",
    ]);
    expect(asked[0]).toContain("const TEAMS = 2u");
  });
});
