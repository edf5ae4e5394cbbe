/** Nothing that a user wrote is in the JavaScript that is compiled: names change none of it. */
import { afterEach, expect, test, vi } from "vitest";
import { toRuns } from "../../src/data/runs/runs.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import { cpuEngine } from "./engines.ts";

afterEach(() => vi.unstubAllGlobals());

/** The texts that a fit compiles, with these names of a domain, an input, a parameter and a law. */
async function compiledTexts(domain: string, input: string, parameter: string): Promise<string[]> {
  const texts: string[] = [];
  const Compile = globalThis.Function;
  vi.stubGlobal(
    "Function",
    class extends Compile {
      constructor(...args: string[]) {
        super(...args);
        if (args.length > 0) texts.push(args.join("\n")); // an empty one asks whether it may
      }
    },
  );
  const rows = Array.from({ length: 20 }, (_, i) => ({
    [input]: 1 + i,
    [`h_${domain}`]: 0.1 + 0.04 * i,
    h_rest: 0.9 - 0.04 * i,
    loss_a: 2 + 0.3 * Math.sin(i),
  }));
  const law = lawFromFormula(`E + sum(C[i]*h[i]) + ${parameter}/${input}^2`, { inputs: [input] });
  const engine = await cpuEngine();
  await engine.fit(law, toRuns(rows, { inputs: { [input]: input } }), { restarts: 4 });
  await engine.close();
  vi.unstubAllGlobals();
  return texts;
}

test("names change no letter of what is compiled", async () => {
  const plain = await compiledTexts("web", "depth", "K");
  const odd = await compiledTexts("`${process.exit(3)}`\\u2028*/", "process", "globalThis");
  expect(plain.join("").length).toBeGreaterThan(1000);
  expect(odd).toEqual(plain);
});
