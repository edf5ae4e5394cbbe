/** The pool in the caller's thread. */
import { afterEach, expect, test, vi } from "vitest";
import { inlinePool } from "../../../src/fit/search/pool.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { draw, problemOf, random } from "../fixture.ts";

const drawn = draw(laws.additive, { noise: 3e-3, domains: 3, mixtures: 24 });
const problem = problemOf(drawn.law, drawn.runs);
const starts = random(drawn, 2);
const options = { iterations: 40, tolerance: 1e-13, gradient: 1e-9, newton: false, exact: false };

/** Whenever the pool looks, so many milliseconds have passed. */
function passing(milliseconds: number): void {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += milliseconds));
}
afterEach(() => {
  vi.restoreAllMocks();
});

test("lets others in between the iterations of a fit, and an abort ends it there", async () => {
  passing(40);
  const abort = new AbortController();
  const told: number[] = [];
  const tick = (done: number): void => {
    told.push(done);
    if (told.length === 3) setTimeout(() => abort.abort());
  };
  const ends = await inlinePool().run(problem, starts, options, { signal: abort.signal, tick });
  // No start was done whenever it was told, and the abort came from one of those let in.
  expect(told.slice(0, 3)).toEqual([0, 0, 0]);
  expect(ends.map(({ ending }) => ending)).toEqual(["interrupted", "interrupted"]);
  expect(ends.map(({ theta }) => theta)).toEqual(starts.map(({ theta }) => theta));
});

test("gives the same whether it lets others in or not", async () => {
  const watch = { signal: undefined, tick: vi.fn() };
  passing(40);
  const often = await inlinePool().run(problem, starts, options, watch);
  expect(watch.tick.mock.calls.length).toBeGreaterThan(20);
  vi.restoreAllMocks();
  passing(0);
  watch.tick.mockClear();
  expect(await inlinePool().run(problem, starts, options, watch)).toEqual(often);
  expect(watch.tick.mock.calls).toEqual([[1]]);
});
