/** How many leaders of a search are polished, and how far. */
import { expect, test } from "vitest";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { fitSettings } from "../../../src/options/fit-options.ts";
import type { Candidate } from "../../../src/fit/search/candidates.ts";
import type { Pool } from "../../../src/fit/search/pool.ts";
import { polishLeaders } from "../../../src/fit/search/polish-leaders.ts";
import type { Polished } from "../../../src/fit/search/problem.ts";
import { SearchState } from "../../../src/fit/search/search-state.ts";
import { startSource } from "../../../src/fit/starts/start-source.ts";
import { lossScale } from "../../../src/fit/starts/loss-scale.ts";
import { draw, problemOf } from "../fixture.ts";

const { law, runs } = draw(laws.chinchilla, { targets: 1 });
const posed = problemOf(law, runs);
const scales = runs.train.losses.map(lossScale);
const settings = fitSettings({});

/** What becomes of a leader in a round, by the objective that it began the search with. */
type Round = (start: number, round: number) => Pick<Polished, "objective" | "ending">;

/** The leaders in each round, by their objectives before, where a law has so many coordinates. */
async function roundsOf(params: number, leaders: readonly number[], polish: Round) {
  const columns = Array.from({ length: params }, () => posed.program.columns[0]);
  const problem = { ...posed, program: { ...posed.program, params, columns } };
  const source = startSource(law, runs, scales, settings);
  const task = { law, problem, scales, targets: [0], nested: [[]], given: [], settings, source };
  const rounds: number[][] = [];
  const pool: Pool = {
    threads: 2,
    run: (_, starts) => {
      const round = rounds.push(starts.map(({ theta }) => theta[0])) - 1;
      return Promise.resolve(starts.map(({ theta }) => ({ theta, ...polish(theta[0], round), norm: 1, lambda: 1 }))); // prettier-ignore
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
  search.screened[0].add(leaders.map(leader));
  const ends = await polishLeaders(search, pool);
  // The last is of what an abort left: nothing.
  expect(rounds.pop()).toEqual([]);
  return { rounds, ends: ends.map(({ objective }) => objective) };
}

const LEADERS = [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6];

test("six leaders, fewer where they are dear, and two where a law has 405 coordinates", async () => {
  const moving: Round = (objective) => ({ objective, ending: "limit" });
  const counts = async (params: number): Promise<number[]> =>
    (await roundsOf(params, LEADERS, moving)).rounds.map(({ length }) => length);
  expect(await counts(20)).toEqual([6, 6, 6, 6, 6]);
  expect(await counts(405)).toEqual([2, 2, 2, 2, 2]);
  expect(await counts(2000)).toEqual([1, 1, 1, 1, 1]);
});

test("a leader that creeps far above what has converged is left, one that may come down goes on", async () => {
  // Of 3000 iterations 2980 are left after the first 20: 149 times as many.
  const gains = new Map([
    [1.4, (1.4 - 1.05) / 150 - 1e-6], // does not come within 5 % of the best at this pace
    [1.5, (1.5 - 1.05) / 150 + 1e-6], // does
  ]);
  const { rounds, ends } = await roundsOf(20, [1, 1.4, 1.5], (start, round) =>
    start === 1
      ? { objective: 1, ending: "converged" }
      : round < 2
        ? { objective: start - (round + 1) * (gains.get(start) ?? 0), ending: "limit" }
        : { objective: 0.5, ending: "converged" },
  );
  // From 20 to 60 iterations twice as many gain as much as the 20 before: it is left then.
  expect(rounds).toEqual([[1, 1.4, 1.5], [1.5], [], [], []]);
  expect(ends).toEqual([1, 1.4 - (gains.get(1.4) ?? 0), 1.5 - 2 * (gains.get(1.5) ?? 0)]);
});

test("below what has converged a leader goes on; next to it, for 60 iterations", async () => {
  const { rounds, ends } = await roundsOf(20, [1, 1.00005, 1.2], (start, round) =>
    start === 1
      ? { objective: 1, ending: "converged" }
      : start < 1.1
        ? { objective: 1.00005, ending: "limit" }
        : { objective: 0.9 - round / 100, ending: round < 3 ? "limit" : "converged" },
  );
  expect(rounds).toEqual([[1, 1.00005, 1.2], [1.00005, 1.2], [1.2], [1.2], []]);
  expect(ends).toEqual([1, 1.00005, 0.87]);
});
