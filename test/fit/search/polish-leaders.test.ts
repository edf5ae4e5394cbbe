/** How many leaders of a search are polished, and how far. */
import { expect, test } from "vitest";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { fitSettings } from "../../../src/options/fit-options.ts";
import type { Candidate } from "../../../src/fit/search/candidates.ts";
import type { Pool } from "../../../src/fit/search/pool.ts";
import { polishLeaders } from "../../../src/fit/search/polish-leaders.ts";
import { SearchState } from "../../../src/fit/search/search-state.ts";
import { startSource } from "../../../src/fit/starts/start-source.ts";
import { lossScale } from "../../../src/fit/starts/loss-scale.ts";
import { draw, problemOf } from "../fixture.ts";

const { law, runs } = draw(laws.chinchilla, { targets: 1 });
const posed = problemOf(law, runs);
const scales = runs.train.losses.map(lossScale);
const settings = fitSettings({});

/** The numbers of points in both stages of the polish, where a law has so many coordinates. */
async function polished(params: number): Promise<number[]> {
  const columns = Array.from({ length: params }, () => posed.program.columns[0]);
  const problem = { ...posed, program: { ...posed.program, params, columns } };
  const source = startSource(law, runs, scales, settings);
  const task = { law, problem, scales, targets: [0], nested: [[]], given: [], settings, source };
  const counts: number[] = [];
  const pool: Pool = {
    threads: 2,
    run: (_, starts) => {
      counts.push(starts.length);
      return Promise.resolve(starts.map(({ theta }, i) => ({ theta, objective: 1 + i, ending: "limit" as const, norm: 1, lambda: 1 }))); // prettier-ignore
    },
    draw: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
  const search = new SearchState(
    task,
    { kind: "cpu", name: "", search: () => Promise.resolve([]) },
    pool,
    undefined,
    () => undefined,
  );
  const leader = (objective: number): Candidate => ({
    target: 0,
    origin: "random",
    theta: Float64Array.of(objective),
    objective,
    ending: "limit",
  });
  search.screened[0].add([1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6].map(leader));
  await polishLeaders(search, pool);
  return counts.slice(0, 2);
}

test("six leaders, fewer where they are dear, and two where a law has 405 coordinates", async () => {
  expect(await polished(20)).toEqual([6, 6]);
  expect(await polished(405)).toEqual([2, 2]);
  expect(await polished(2000)).toEqual([1, 1]);
});
