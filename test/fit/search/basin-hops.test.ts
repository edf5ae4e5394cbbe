/** When basin hopping stops: by the hops that came to an end, where most did. */
import { expect, test } from "vitest";
import type { Pool } from "../../../src/fit/search/pool.ts";
import type { Searcher, Start, StartEnd } from "../../../src/fit/search/problem.ts";
import { searchLaw } from "../../../src/fit/search/search.ts";
import { rangedStarts } from "../../../src/fit/starts/start-source.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { fitSettings } from "../../../src/options/fit-options.ts";
import { draw, problemOf, SCALE } from "../fixture.ts";

const drawn = draw(laws.chinchilla, { targets: 1 });
const { law } = drawn;
/** Iterations of a hop. */
const HOP = 40;

const at = ({ theta }: Start, objective: number, ending: StartEnd["ending"]): StartEnd => ({
  theta,
  objective,
  ending,
  lambda: 1,
});

/**
 * How many hops a search makes whose random starts all end at the optimum, as hops do but for some
 * of each batch. @param others how many those are, and how they end: each elsewhere
 */
async function hopsOf(others: number, ending: StartEnd["ending"]): Promise<number> {
  const searcher: Searcher = {
    kind: "cpu",
    name: "none",
    search: (_, starts, iterations) =>
      Promise.resolve(
        starts.map((start, i) =>
          iterations === HOP && i < others ? at(start, 2 + i, ending) : at(start, 1, "converged"),
        ),
      ),
  };
  const pool: Pool = {
    threads: 1,
    run: (_, starts) =>
      Promise.resolve(starts.map((start) => ({ ...at(start, 1, "converged"), norm: 0 }))),
    draw: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
  const task = {
    law,
    problem: problemOf(law, drawn.runs),
    scales: [SCALE],
    targets: [0],
    nested: [[]],
    given: [],
    settings: fitSettings({}),
    source: rangedStarts(law, [SCALE]),
  };
  const [best] = await searchLaw(task, searcher, pool, undefined, () => undefined);
  return best?.basins.hopped ?? NaN;
}

test("hops that all end at the optimum are one batch", async () => {
  expect(await hopsOf(0, "limit")).toBe(32);
});

test("hops that are still on their way say nothing of optima, where most have come to an end", async () => {
  expect(await hopsOf(16, "limit")).toBe(32);
});

test("they count where most are on their way", async () => {
  expect(await hopsOf(17, "limit")).toBe(128);
});

test.each(["converged", "stalled"] as const)(
  "hops that %s in optima of their own are followed by more",
  async (ending) => {
    expect(await hopsOf(3, ending)).toBe(128);
  },
);
