/** `mixlaw optimize` on fits of the example runs, for tests. */
import { join } from "node:path";
import { expect } from "vitest";
import type { Optimum } from "../../../src/mixture/request/optimum.ts";
import { root, type workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

export const AT = ["--params", "7B", "--tokens", "150B"];
export const QUICK = ["--backend", "cpu", "--samples", "2000"];

const FITS = {
  additive: ["--restarts", "4"],
  joint: ["--restarts", "2", "--targets", "loss_code", "--where", "n_params < 2e8"],
} as const;
type ExampleLaw = keyof typeof FITS;

/** Fits the example runs into additive.json and joint.json. */
export async function fitExamples(
  place: ReturnType<typeof workplace>,
  laws: readonly ExampleLaw[],
): Promise<void> {
  const runs = join(root, "test/simulated/runs.csv");
  const common = ["--backend", "cpu", "--threads", "1"];
  const fits = await Promise.all(
    laws.map((law) =>
      mixlaw(["fit", runs, "--law", law, ...FITS[law], ...common, "--out", `${law}.json`], {
        cwd: place.path("."),
      }),
    ),
  );
  for (const { code, stderr } of fits) expect({ code, stderr }).toMatchObject({ code: 0 });
}

/** Optimizes by these fits. */
export function optimizer(place: ReturnType<typeof workplace>): {
  readonly good: (words: readonly string[], law?: ExampleLaw) => Promise<string>;
  readonly optimum: (words: readonly string[], law?: ExampleLaw) => Promise<Optimum>;
} {
  const good = async (words: readonly string[], law: ExampleLaw = "additive"): Promise<string> => {
    const { code, stdout, stderr } = await mixlaw(["optimize", `${law}.json`, ...QUICK, ...words], {
      cwd: place.path("."),
    });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^(mixlaw: (warning|note): .*\n)*$/) as unknown,
    });
    return stdout;
  };
  return {
    good,
    optimum: async (words, law) => JSON.parse(await good([...words, "--json"], law)) as Optimum,
  };
}
