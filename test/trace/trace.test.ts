import { describe, expect, test } from "vitest";
import { CALLS, FirstCalls } from "../../src/trace/first-calls.ts";
import type { Span } from "../../src/trace/span.ts";
import { Trace, traced, tracedSync } from "../../src/trace/trace.ts";
import { linesOf } from "./well-formed.ts";

/** A trace of spans on one track, each by its name, begin and end in milliseconds. */
function traceOf(spans: readonly (readonly [string, number, number])[], track = "main"): Trace {
  const trace = new Trace();
  for (const [name, begin, end] of spans) trace.add({ name, kind: "stage", track, begin, end });
  return trace;
}

const shown = (trace: Trace): Record<string, string[]> => {
  const { byName, faults } = linesOf(trace.toJSON());
  expect(faults).toEqual([]);
  return Object.fromEntries([...byName].map(([name, spans]) => [name, spans.map((s) => s.name)]));
};

describe("a trace in Chrome's format", () => {
  test("has a complete event for each span, in microseconds, and names for its lines", () => {
    const trace = new Trace();
    trace.add({ name: "fits", kind: "task", track: "worker 1", begin: 2, end: 3.5, details: { starts: 4 } }); // prettier-ignore
    trace.add({ name: "fit", kind: "stage", begin: 1, end: 4 });
    const { traceEvents } = trace.toJSON();
    expect(traceEvents.filter(({ ph }) => ph === "X")).toEqual([
      { ph: "X", name: "fit", cat: "stage", pid: 1, tid: 1, ts: 1000, dur: 3000 },
      { ph: "X", name: "fits", cat: "task", pid: 1, tid: 2, ts: 2000, dur: 1500, args: { starts: 4 } }, // prettier-ignore
    ]);
    expect(traceEvents.flatMap(({ ph, args }) => (ph === "M" ? [args] : []))).toEqual([
      { name: "mixlaw" },
      { name: "main" },
      { sort_index: 1 },
      { name: "worker 1" },
      { sort_index: 2 },
    ]);
  });

  test("spans within one another share a line, those that overlap otherwise do not", () => {
    const trace = traceOf([["a", 0, 10], ["b", 1, 4], ["c", 4, 9], ["d", 8, 12], ["e", 11, 13]]); // prettier-ignore
    expect(shown(trace)).toEqual({ main: ["a", "b", "c", "e"], "main (2)": ["d"] });
  });

  test("clocks may differ a little: a span that ends just after the one around it ends with it", () => {
    const trace = traceOf([["a", 0, 10], ["b", 1, 10.01], ["c", 9.99, 12]]); // prettier-ignore
    expect(shown(trace)).toEqual({ main: ["a", "b", "c"] });
  });

  test("lines come in the order of their tracks, the main one first", () => {
    const trace = new Trace();
    for (const track of ["worker 10", "worker 9", "GPU calls", "main"])
      trace.add({ name: "x", kind: "task", track, begin: 0, end: 1 });
    expect(Object.keys(shown(trace))).toEqual(["main", "GPU calls", "worker 9", "worker 10"]);
  });

  test("any spans give lines that nest", () => {
    let state = 1;
    const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    const spans = Array.from({ length: 1000 }, (_, i) => {
      const begin = 20 * random(); // many are so near that they are taken to be one after another
      return [`s${i}`, begin, begin + 8 * random() ** 5] as const;
    });
    const lines = Object.values(shown(traceOf(spans)));
    expect(lines.flat().toSorted()).toEqual(spans.map(([name]) => name).toSorted());
  });
});

describe("recording", () => {
  test("work gives its result or its error, and a span that has ended", async () => {
    const trace = new Trace();
    expect(await traced(trace, { name: "a", kind: "stage" }, () => 1)).toBe(1);
    expect(tracedSync(trace, { name: "b", kind: "stage" }, () => 2)).toBe(2);
    const fail = (): never => {
      throw new Error("no");
    };
    await expect(traced(trace, { name: "c", kind: "stage" }, fail)).rejects.toThrow("no");
    expect(trace.spans().map(({ name, details }) => [name, details])).toEqual([["a", undefined], ["b", undefined], ["c", undefined]]); // prettier-ignore
  });

  test("without a trace the work is done as it is", async () => {
    expect(await traced(undefined, { name: "a", kind: "stage" }, () => 1)).toBe(1);
  });

  test("what is under way when the trace is read ends there, as unfinished, and may end later", () => {
    const trace = new Trace();
    const end = trace.begin({ name: "a", kind: "stage", details: { starts: 2 } });
    const before: Span[] = trace.spans();
    end({ done: 1 });
    end();
    expect([...before, ...trace.spans()].map(({ details }) => details)).toEqual([
      { starts: 2, unfinished: true },
      { starts: 2, done: 1 },
    ]);
  });

  test("spans of another thread come on its track, by this thread's clock", () => {
    const [trace, other] = [new Trace(), new Trace()];
    other.add({ name: "fits", kind: "task", begin: 5, end: 6 });
    const { origin, spans } = structuredClone(other.drain());
    trace.absorb({ origin: origin + 100, spans }, "worker 1");
    expect(trace.spans()).toEqual([{ name: "fits", kind: "task", track: "worker 1", begin: 105, end: 106 }]); // prettier-ignore
    expect(other.drain().spans).toEqual([]);
  });

  test("the first evaluations are spans, then the object is as it was", () => {
    const trace = new Trace();
    const object = { evaluate: (x: number): number => 2 * x };
    const { evaluate } = object;
    new FirstCalls(trace).record(object);
    const values = Array.from({ length: 2 * CALLS.recorded }, (_, i) => object.evaluate(i));
    expect(values[399]).toBe(798);
    expect(object.evaluate).not.toBe(evaluate); // bound to its object
    const kinds = trace.spans().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "warm-up")).toHaveLength(CALLS.first);
    expect(kinds).toHaveLength(CALLS.recorded);
  });
});
