/** Where WebAssembly has no room or refuses a module, JavaScript computes, and it is told. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { compile } from "../../../src/expr/compile.ts";
import { mul } from "../../../src/expr/graph.ts";
import { NormalEquations } from "../../../src/solve/normal-equations.ts";
import { pack } from "../../../src/solve/pack-tables.ts";
import { JavaScriptEvaluation } from "../../../src/solve/javascript-evaluation.ts";
import { WORKS } from "../../../src/mixture/threads/works.ts";
import { lossesOf } from "../../../src/mixture/goal/surface.ts";
import { residual } from "../../../src/laws/objective.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { makeEngine } from "../../../src/fit/engine.ts";
import { inlinePool } from "../../../src/fit/search/pool.ts";
import { workerPool } from "../../../src/fit/workers/worker-pool.ts";
import { answering } from "../../../src/fit/workers/worker-task.ts";
import { float64Order, followFloat64 } from "../../../src/wasm/availability.ts";
import { onFallback } from "../../../src/wasm/fallback.ts";
import { wantedBytes } from "../../../src/wasm/program/working-memory.ts";
import { draw as drawFit } from "../../fit/fixture.ts";
import { bound, huber, observe, runsOf, start } from "../../laws/fixture.ts";
import { AT, drawLosses, drawMixture } from "../../mixture/fixture.ts";

const order = float64Order(0);
const why = vi.fn<(why: string) => void>();
let deafen: () => void;

/** From now on this thread has a memory of so many pages, of which some are taken. */
const pagesOf = (maximum: number, initial = 1): void => {
  const memory = new WebAssembly.Memory({ initial, maximum, shared: true });
  followFloat64({ kind: "javascript", why: "the memory changes" });
  followFloat64({ kind: "webassembly", shared: { memory, lane: 0 } });
};
/** Modules are more than the engine takes. */
const refuse = (kind: new (message?: string) => Error): void => {
  vi.stubGlobal("WebAssembly", {
    CompileError: WebAssembly.CompileError,
    Instance: WebAssembly.Instance,
    Module: function refusing(): never {
      throw new kind("a function is too long");
    },
  });
};

beforeEach(() => {
  why.mockClear();
  deafen = onFallback(why);
});
afterEach(() => {
  deafen();
  vi.unstubAllGlobals();
  followFloat64({ kind: "javascript", why: "the memory changes" });
  followFloat64(order);
});

let units = 0;

/** A fit of a law. Its residuals are in a unit of its own, so that its module is written anew. */
function fitOf() {
  const law = bound(laws.additive, 3, "free");
  const runs = runsOf(3, 9);
  const program = compile(mul(residual(law.loss, "log"), 1 + ++units / 64), law.size, true);
  const packed = pack(program, runs, 3, [observe(law, runs, start(law), 0.03)]);
  const [weights, point, loss] = [packed.weights[0], start(law, 3), huber(0.02)];
  const javascript = new JavaScriptEvaluation(program, packed, 0, loss);
  const normal = () => new NormalEquations(program, packed, 0, loss);
  const reference = new NormalEquations(program, packed, 0, loss, weights, javascript);
  return { normal, reference, point };
}

test.each([
  ["for a module's constants", () => pagesOf(1), "4 GiB"],
  ["for a fit's numbers", () => pagesOf(2), "4 GiB"],
  ["for the module, by its limits", () => refuse(WebAssembly.CompileError), "too long"],
  ["for the module, by its memory for code", () => refuse(RangeError), "too long"],
])("a fit that has no room %s is JavaScript's", (_, arrange, words) => {
  const { normal, reference, point } = fitOf();
  arrange();
  const fit = normal();
  expect(fit.evaluate(point)).toBe(reference.evaluate(point));
  expect(fit.H).toEqual(reference.H);
  expect(why).toHaveBeenCalledWith(expect.stringContaining(words));
  // It is told of each fit, as each engine is to hear of it.
  normal();
  expect(why).toHaveBeenCalledTimes(2);
});

test("a fit in the last pages of 4 GiB has the same bits", () => {
  const { normal, point } = fitOf();
  const first = normal();
  const objective = first.evaluate(point);
  pagesOf(2 ** 16, 2 ** 16 - 70);
  const last = normal();
  expect(last.evaluate(point)).toBe(objective);
  expect(last.H).toEqual(first.H);
  expect(last.second(point)).toEqual(first.second(point));
  expect(why).not.toHaveBeenCalled();
});

test("150 threads with fits of 16 MiB have room in a memory of 4 GiB", () => {
  const fit = 2 ** 24;
  let left = 2 ** 32;
  for (let thread = 0; thread < 150; thread++) {
    const wanted = wantedBytes(fit, left);
    expect(wanted).toBeGreaterThanOrEqual(fit);
    left -= wanted;
  }
  expect(left).toBeGreaterThan(0);
  expect(wantedBytes(2 ** 10, 2 ** 32)).toBe(2 ** 22);
  expect(wantedBytes(fit, 2 ** 32)).toBe(2 ** 26);
});

test("a fault of WebAssembly is not taken for a limit", () => {
  refuse(TypeError);
  expect(() => fitOf().normal()).toThrow(TypeError);
});

test("a small memory is enough for a fit, and stays so when others take the rest", () => {
  const { normal, reference, point } = fitOf();
  pagesOf(12);
  const fit = normal();
  const objective = fit.evaluate(point);
  // Fits that need more are refused; those that need as little take the places of each other.
  const others = Array.from({ length: 12 }, () => fitOf().normal());
  for (const other of others) other.evaluate(point);
  expect(fit.evaluate(point)).toBe(objective);
  expect(Math.abs(objective / reference.evaluate(point) - 1)).toBeLessThanOrEqual(1e-12);
});

test.each([
  // Laws of so many domains are compiled in no other test of this process.
  ["a full memory", 41, () => pagesOf(1)],
  ["a module that is refused", 43, () => refuse(WebAssembly.CompileError)],
])("with %s losses over mixtures are JavaScript's", (_, domains, arrange) => {
  const h = drawMixture(domains, 5, 0);
  const fits = drawLosses("additive", domains, 3, 7).map(({ fitted }) => fitted);
  const loss = () => lossesOf(fits, AT, domains).sum([0.2, 0.3, 0.5]).law(h);
  arrange();
  const there = loss();
  expect(why).toHaveBeenCalled();
  vi.unstubAllGlobals();
  followFloat64({ kind: "javascript", why: "a comparison" });
  expect(loss()).toBe(there);
});

const pools = {
  "in its thread": inlinePool,
  "in workers": () =>
    workerPool(() => {
      const answer = answering(WORKS);
      return {
        send: (request) => void answer(request),
        ask: (request) => Promise.resolve(answer(request) ?? { ends: [] }),
        end: () => Promise.resolve(),
      };
    }, 2),
};
test.each(Object.entries(pools))("an engine says so once, %s", async (_, pool) => {
  pagesOf(1);
  const notice = vi.fn<(sentence: string) => void>();
  const gpu = () => Promise.resolve(undefined);
  const engine = await makeEngine({ backend: "cpu", gpu, pool: pool(), notice });
  const { runs } = drawFit(laws.chinchilla, { noise: 3e-3 });
  const { fits } = await engine.fit(laws.chinchilla, runs, { restarts: 4 });
  expect(fits.length).toBe(1);
  expect(notice).toHaveBeenCalledExactlyOnceWith(
    expect.stringMatching(/^Some float64 work runs in JavaScript.*4 GiB, cannot grow\.$/),
  );
  await engine.close();
});
