/** A searcher around another one: what it is called and what it costs follow that one. */
import type { Searcher } from "../search/problem.ts";

/**
 * A searcher that searches in another way than the one that it is around, whose kind, name and
 * faults may change while it works.
 */
export const wrappedSearcher = (
  searcher: Searcher,
  ways: Pick<Searcher, "search" | "screen">,
): Searcher => ({
  get kind() {
    return searcher.kind;
  },
  get name() {
    return searcher.name;
  },
  get faults() {
    return searcher.faults ?? [];
  },
  secondsFor: (problem, iterations) => searcher.secondsFor?.(problem, iterations) ?? 0,
  prepare: (problem) => searcher.prepare?.(problem) ?? Promise.resolve(),
  hold: (problem) => searcher.hold?.(problem) ?? (() => undefined),
  ...ways,
});
