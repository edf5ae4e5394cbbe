/** The entry for browsers, with fake workers; test/browser has real ones. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { type Backend, laws, NoAdapterError, openEngine } from "../src/browser.ts";
import { answering, type Request } from "../src/fit/workers/worker-task.ts";
import { WORKS } from "../src/mixture/threads/works.ts";
import type { Ready } from "../src/browser/module-worker.ts";
import { float64Order, followFloat64 } from "../src/wasm/availability.ts";
import { draw } from "./fit/fixture.ts";

const { runs } = draw(laws.chinchilla, { noise: 3e-3, targets: 1 });
const options = { restarts: 24, seed: 1 };

/** A worker in this thread, and what it says of itself. */
const loading = ({ compiles = true, refusal }: Partial<Ready> = {}) =>
  class extends EventTarget {
    readonly #answer = answering(WORKS);
    constructor() {
      super();
      this.#say({ compiles, refusal } satisfies Ready);
    }
    postMessage(request: Request): void {
      const ends = this.#answer(structuredClone(request));
      if (ends !== undefined) this.#say(ends);
    }
    terminate(): void {}
    #say(data: unknown): void {
      setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data })));
    }
  };

/** A worker whose script is not there: browsers tell by an event without a message. */
class Missing extends EventTarget {
  constructor() {
    super();
    setTimeout(() => this.dispatchEvent(new Event("error")));
  }
  terminate(): void {}
}

/** A page from file://, as Chromium refuses it. */
function Refused(): never {
  throw new DOMException("Script cannot be accessed from origin 'null'.", "SecurityError");
}

/** A worker that loads and fails at its first task. */
class Failing extends loading() {
  override postMessage(): void {
    setTimeout(() =>
      this.dispatchEvent(Object.assign(new Event("error"), { message: "out of memory" })),
    );
  }
}

/** Workers that load, and how many of them were ended. */
function counted() {
  let count = 0;
  const worker = class extends loading() {
    override terminate(): void {
      count++;
    }
  };
  return { worker, ended: () => count };
}

async function engineWith(worker: unknown, backend: Backend = "cpu") {
  vi.stubGlobal("Worker", worker);
  vi.stubGlobal("navigator", { hardwareConcurrency: 3 });
  const notices: string[] = [];
  const engine = await openEngine({ backend, onNotice: (text) => notices.push(text) });
  const { threads } = await engine.describe();
  return { engine, notices, threads };
}

const order = float64Order(0);

afterEach(() => {
  vi.unstubAllGlobals();
  followFloat64(order);
});

describe("the workers of a page", () => {
  test("are one a core, and give the numbers of one thread", async () => {
    const pooled = await engineWith(loading());
    expect(pooled).toMatchObject({ notices: [], threads: 3 });
    const alone = await engineWith(undefined);
    const [file, other] = await Promise.all(
      [pooled, alone].map(({ engine }) => engine.fit(laws.chinchilla, runs, options)),
    );
    expect(file?.fits).toEqual(other?.fits);
    expect(file?.backend.adapter).toBe("float64, 3 threads");
    await pooled.engine.close();
    await alone.engine.close();
  });

  test.each([
    ["the browser has none", undefined, /Worker is not a constructor/],
    ["the page is refused them", Refused, /cannot be accessed from origin 'null'/],
    ["their script is missing", Missing, /its script did not load/],
  ])("are done without, which is said once, where %s", async (_, worker, reason) => {
    const { engine, notices, threads } = await engineWith(worker);
    expect(threads).toBe(1);
    await engine.fit(laws.chinchilla, runs, { restarts: 4 });
    expect(notices).toEqual([expect.stringMatching(reason)]);
    expect(notices[0]).toMatch(/^No worker could be started .* serve browser-worker\.js/);
    await engine.close();
  });

  test.each([
    [{ isSecureContext: false }, /plain http.* https/],
    [{ isSecureContext: true }, /This browser has no WebGPU/],
  ])("%o: why there is no adapter is said", async (globals, reason) => {
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
    const { engine } = await engineWith(loading());
    expect((await engine.describe()).why).toMatch(/^No WebGPU adapter was found\. /);
    expect((await engine.describe()).why).toMatch(reason);
  });

  test("that may not compile are told of", async () => {
    const interpreting = { compiles: false, refusal: "a policy forbids WebAssembly" };
    const { notices } = await engineWith(loading(interpreting));
    expect(notices).toEqual([expect.stringMatching(/interprets formulas.*a policy forbids/)]);
  });

  test("that have no WebAssembly are told of, and the page does without it too", async () => {
    const { engine, notices } = await engineWith(loading({ refusal: "it is too old" }));
    expect(notices).toEqual([expect.stringMatching(/in JavaScript.*: it is too old\.$/)]);
    const { float64 } = await engine.describe();
    expect(float64).toEqual({ kind: "javascript", why: "it is too old" });
    const file = await engine.fit(laws.chinchilla, runs, { restarts: 4 });
    expect(file.backend.float64).toBe("javascript");
  });

  test("that may not compile JavaScript have WebAssembly, and nothing is said", async () => {
    const { engine, notices } = await engineWith(loading({ compiles: false }));
    expect(notices).toEqual([]);
    expect((await engine.describe()).float64.kind).toBe("webassembly");
  });

  test("are ended with the engine, also those that did nothing", async () => {
    const { worker, ended } = counted();
    const { engine } = await engineWith(worker);
    await engine.close();
    expect(ended()).toBe(3);
  });

  test("are ended where there is no engine, since no adapter is there", async () => {
    const { worker, ended } = counted();
    await expect(engineWith(worker, "webgpu")).rejects.toBeInstanceOf(NoAdapterError);
    expect(ended()).toBe(3);
  });

  test("that fail reject the fit, with their reason", async () => {
    const { engine } = await engineWith(Failing);
    await expect(engine.fit(laws.chinchilla, runs, options)).rejects.toThrow("out of memory");
  });

  test("that are ended while they work reject the fit", async () => {
    const { engine } = await engineWith(
      class extends loading() {
        override postMessage(): void {}
      },
    );
    const fit = engine.fit(laws.chinchilla, runs, options);
    setTimeout(() => void engine.close(), 50);
    await expect(fit).rejects.toThrow("the worker was ended");
  });
});
