/** What `optimize --path` says of scale: by the graph of the laws, not by their names. */
import { describe, expect, test } from "vitest";
import { bestMixture } from "../../src/cli/flags/optimize/run-optimize.ts";
import { style } from "../../src/cli/io/output.ts";
import { pathTable } from "../../src/cli/print/optimum/path-table.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { CATALOG } from "../../src/laws/catalog/catalog.ts";
import { lawFromFormula } from "../../src/laws/formula/formula.ts";
import type { Law } from "../../src/laws/law.ts";
import type { OptimizeOptions } from "../../src/mixture/request/optimize-options.ts";
import { isOptimumScaleFree } from "../../src/mixture/scale-free.ts";
import { drawLosses, fileOf } from "./fixture.ts";
import { optimum } from "./sample-optimum.ts";

const SAYS = "The optimum does not depend on scale";
const MIXTURE = "E + 1/sum(C[i]*h[i]^gamma[i])";
const typed = (name: string, formula: string): Law => lawFromFormula(formula, { name });

/** Fits of a law to targets that are its domains, so that every law has a form for them. */
function fitted(law: Law): FitFile {
  const losses = drawLosses(law.name, 2, 2, 1, law).map((loss, t) => ({
    ...loss,
    target: `d${t}`,
  }));
  const { definition } = law;
  return {
    ...fileOf(losses),
    ...(definition === undefined ? {} : { definitions: { [law.name]: definition } }),
  };
}

/** The text of a path of two points, with a solver that always gives the same optimum. */
async function path(law: Law, options: OptimizeOptions = {}): Promise<string> {
  const laws = { d0: law.name, d1: law.name };
  const answer = await bestMixture(
    fitted(law),
    { path: { params: [1e9, 1e10], tokens: [1e11] } },
    options,
    () => Promise.resolve(optimum({ laws, goal: { d0: 1, d1: 1 } })),
  );
  if (answer?.kind !== "path") throw new Error("no path");
  return pathTable(answer.path, {
    width: 110,
    style: style({}),
    charts: false,
    source: "fit.json",
  });
}

/** Laws whose mixture term changes with N, with D, or with the epochs that D makes. */
const MOVING = [
  "joint",
  "full",
  "bimix",
  "repetition",
  "additive-epochs",
  "joint-epochs",
  "epochs",
];

const withShares = [...CATALOG.values()].filter(({ uses }) => uses.weights);

test.each([
  ...withShares.map((law) => [law.name, law, !MOVING.includes(law.name)] as const),
  ["typed additive", typed("mine", `${MIXTURE} + A/N^alpha + B/D^beta`), true],
  ["typed joint", typed("mine", `${MIXTURE} + sum(a[i]*h[i])^g/N^alpha + B/D^beta`), false],
  ["a formula called additive", typed("additive", `${MIXTURE} + dot(w, h)/N^alpha`), false],
] as const)("a path of %s", async (_, law, free) => {
  const text = await path(law);
  expect(text.includes(SAYS)).toBe(free);
  // Where the optimum moves, the limit says where to.
  expect(text.includes("→ ∞")).toBe(!free);
});

describe("what depends on scale under any law", () => {
  const law = typed("mine", `${MIXTURE} + A/N^alpha`);
  const laws = { d0: "mine", d1: "mine" };
  const goal = { d0: 1, d1: 1 };

  test.each<[string, OptimizeOptions]>([
    ["a loss no worse than a reference's", { noWorse: { d0: 1 } }],
    ["available tokens", { constraints: { available: { d0: 1e9 } } }],
  ])("%s", (_, options) => {
    expect(isOptimumScaleFree(fitted(law), { laws, goal }, options)).toBe(false);
  });

  test("the worst target's ratio", () => {
    expect(isOptimumScaleFree(fitted(law), { laws, goal: "worst" }, {})).toBe(false);
    expect(isOptimumScaleFree(fitted(law), { laws, goal }, {})).toBe(true);
  });
});
