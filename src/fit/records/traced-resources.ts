/**
 * What searches and refits run on, with a span of the trace for each search and each run of the
 * pool. Where there is no trace, they are as they were.
 */
import { MAIN } from "../../trace/span.ts";
import { type Trace, traced } from "../../trace/trace.ts";
import type { Pool, Resources } from "../search/pool.ts";
import type { Searcher } from "../search/problem.ts";
import { wrappedSearcher } from "./wrapped-searcher.ts";

function tracedPool(pool: Pool, trace: Trace): Pool {
  return {
    threads: pool.threads,
    plan: pool.plan,
    trace,
    run: (problem, starts, options, watch) => {
      const details = { starts: starts.length, threads: pool.threads };
      const what = { name: "float64 fits", kind: "task", track: MAIN, details } as const;
      return traced(trace, what, () => pool.run(problem, starts, options, watch));
    },
    draw: (drawings, watch) => {
      const what = { name: "draw starts", kind: "task", track: MAIN } as const;
      return traced(trace, what, () => pool.draw(drawings, watch));
    },
    share: pool.share?.bind(pool),
    hire: pool.hire?.bind(pool),
    beside: pool.beside && tracedPool(pool.beside, trace),
    close: () => pool.close(),
  };
}

function tracedSearcher(searcher: Searcher, trace: Trace): Searcher {
  return wrappedSearcher(searcher, {
    search: (problem, starts, iterations, watch) => {
      const details = { starts: starts.length, iterations, backend: searcher.kind };
      const what = { name: "search fits", kind: "task", track: MAIN, details } as const;
      return traced(trace, what, () => searcher.search(problem, starts, iterations, watch));
    },
    screen: (problem, starts, iterations, further, watch) => {
      const details = { starts: starts.length, iterations, backend: searcher.kind };
      const what = { name: "search in two stages", kind: "task", track: MAIN, details } as const;
      const screened = (): ReturnType<NonNullable<Searcher["screen"]>> =>
        searcher.screen?.(problem, starts, iterations, further, watch) ??
        Promise.resolve(undefined);
      return searcher.screen === undefined ? screened() : traced(trace, what, screened);
    },
  });
}

/** The resources, recorded where there is a trace. */
export const tracedResources = (resources: Resources, trace: Trace | undefined): Resources =>
  trace === undefined
    ? resources
    : {
        pool: tracedPool(resources.pool, trace),
        searcherFor: async (problem, work) =>
          tracedSearcher(await resources.searcherFor(problem, work), trace),
      };
