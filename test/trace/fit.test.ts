/** Traces of whole fits, without a GPU; test/gpu/trace has one with it. */
import { expect, test } from "vitest";
import { type FitFile, laws, openEngine, Trace } from "../../src/node.ts";
import { draw } from "../fit/fixture.ts";
import { linesOf } from "./well-formed.ts";

const { runs } = draw(laws.chinchilla, { noise: 3e-3 });
const options = { restarts: 16, bootstrap: 2, seed: 1, profile: ["alpha"] };

async function fitted(threads: number, trace?: Trace): Promise<FitFile> {
  const engine = await openEngine({ backend: "cpu", threads, ...(trace && { trace }) });
  try {
    return { ...(await engine.fit(laws.chinchilla, runs, options)), timing: {} };
  } finally {
    await engine.close();
  }
}

test("stages nest and cover the fit, each worker has a track with its start and its work", async () => {
  const trace = new Trace();
  const began = performance.now();
  const file = await fitted(2, trace);
  const took = performance.now() - began;
  expect(file).toEqual(await fitted(2)); // the fit does not know of the trace
  const { byName, faults } = linesOf(trace.toJSON());
  expect(faults).toEqual([]);
  expect([...byName.keys()]).toEqual(["main", "worker 1", "worker 2"]);

  const stages = (byName.get("main") ?? []).filter(({ cat }) => cat === "stage");
  const names = stages.map(({ name }) => name);
  for (const name of [
    "fit",
    "search chinchilla",
    "screen",
    "hops",
    "polish",
    "profiles",
    "bootstrap",
    "inference",
  ])
    // prettier-ignore
    expect(names).toContain(name);
  const [fit] = stages;
  expect(fit.name).toBe("fit");
  expect(fit.dur).toBeLessThanOrEqual(1000 * took);
  // What is within the fit and in nothing else leaves next to nothing of it.
  const ends = (span: (typeof stages)[number]): number => span.ts + span.dur;
  const parts = stages.filter(
    (span) =>
      span !== fit &&
      !stages.some((s) => s !== fit && s !== span && s.ts <= span.ts && ends(s) >= ends(span)),
  );
  expect(parts.reduce((sum, { dur }) => sum + dur, 0)).toBeGreaterThan(0.9 * fit.dur);

  for (const name of ["worker 1", "worker 2"]) {
    const spans = byName.get(name) ?? [];
    const of = (what: string) => spans.filter((span) => span.name === what);
    expect(of("start of the thread")).toHaveLength(1);
    expect(of("formula to code").length).toBeGreaterThan(0);
    expect(of("fits").length).toBeGreaterThan(0);
    for (const task of of("fits")) {
      expect(task.ts).toBeGreaterThanOrEqual(fit.ts); // by the main thread's clock
      expect(ends(task)).toBeLessThanOrEqual(ends(fit));
    }
    expect(of("evaluation").some(({ cat }) => cat === "warm-up")).toBe(true);
  }
});

test("with one thread its work is on the main track; a stopped fit leaves a trace of what it did", async () => {
  const trace = new Trace();
  const engine = await openEngine({ backend: "cpu", threads: 1, trace });
  const stop = new AbortController();
  const onProgress = ({ stage }: { readonly stage: string }): void => {
    if (stage === "hop") stop.abort();
  };
  const fit = engine.fit(laws.chinchilla, runs, { ...options, signal: stop.signal, onProgress });
  await expect(fit).rejects.toThrow();
  await engine.close();
  const { byName, faults } = linesOf(trace.toJSON());
  expect(faults).toEqual([]);
  expect([...byName.keys()]).toEqual(["main"]);
  const names = (byName.get("main") ?? []).map(({ name }) => name);
  for (const name of ["screen", "hops", "float64 fits", "formula to code", "evaluation"])
    expect(names).toContain(name);
  expect(names).not.toContain("bootstrap");
});

test("two fits at once are lines of their own", async () => {
  const trace = new Trace();
  const engine = await openEngine({ backend: "cpu", threads: 1, trace });
  await Promise.all([1, 2].map((seed) => engine.fit(laws.chinchilla, runs, { restarts: 4, seed })));
  await engine.close();
  const { byName, faults } = linesOf(trace.toJSON());
  expect(faults).toEqual([]);
  expect(byName.size).toBeGreaterThan(1);
});

test("what is no trace is refused", async () => {
  await expect(openEngine({ trace: {} as Trace })).rejects.toThrow(
    /‘trace’ is .*it must be a Trace/,
  );
});
