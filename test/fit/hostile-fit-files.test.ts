/** Fit files from strangers: what could harm is refused in one line. */
import { beforeAll, expect, test } from "vitest";
import { parseTable } from "../../src/data/table/parse-table.ts";
import type { RunsOptions } from "../../src/data/runs/runs-options.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import { parseFitFile } from "../../src/fit/file/parse-fit-file.ts";
import { restore } from "../../src/fit/predict.ts";
import { type FitFile, laws, openEngine, predict } from "../../src/node.ts";
import { drawTruth } from "../../src/simulate/draw-truth.ts";
import { simulate } from "../../src/simulate/simulate.ts";

const DOMAINS = ["web", "code"];
const DESIGN = {
  domains: DOMAINS,
  targets: ["loss_a"],
  sizes: [1e7, 3e7, 1e8],
  tokens: [1e9, 4e9],
  mixtures: 8,
};
const NOISE = { kind: "lognormal", sigma: 1e-3 } as const;

const runsOf = async (text: string, options?: RunsOptions) =>
  toRuns(await parseTable(new TextEncoder().encode(text), "csv", "drawn.csv"), options);

const ABSOLUTE = { params: 1, tokens: 1 } as const;

let good = "";
beforeAll(async () => {
  const truth = drawTruth(laws.simple, DOMAINS, DESIGN.targets, {
    signs: "positive",
    seed: 1,
    noise: NOISE,
  });
  const { columns, rows } = simulate(laws.simple, truth, DESIGN);
  const runs = await runsOf([columns.join(), ...rows.map((row) => row.join())].join("\n"));
  const engine = await openEngine({ backend: "cpu" });
  const fit = await engine.fit(laws.simple, runs, { restarts: 8, backtest: false, bootstrap: 8 });
  good = JSON.stringify(fit);
  await engine.close();
});

/** What is said of the file with its text changed; "" where it is read and restored. */
function refusalOf(change: (text: string) => string): string {
  const changed = change(good);
  expect(changed).not.toBe(good);
  try {
    const file = parseFitFile(changed, "fit.json");
    for (const fit of file.fits) restore(file, fit);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The file with a definition of a law. */
const defining = (name: string, definition: unknown) => (text: string) =>
  JSON.stringify({
    ...(JSON.parse(text) as FitFile),
    definitions: { [name]: definition },
  });

/** The file with a second fit of the law, whose parameters are others. */
const beside = (change: (parameters: FitFile["fits"][number]["parameters"]) => object) => {
  return (text: string): string => {
    const file = JSON.parse(text) as FitFile;
    const second = file.fits.map((fit) => {
      return { ...fit, target: "loss_b", parameters: change(fit.parameters) };
    });
    return JSON.stringify({ ...file, fits: [...file.fits, ...second] });
  };
};

const formula = { name: "mine", formula: "L = E + A/params", inputs: {}, parameters: {} };

test.each([
  ["a line break in a domain", (text: string) => text.replaceAll('"web"', String.raw`"web\nreturn 0.0;"`), /no line breaks or control characters/], // prettier-ignore
  ["an escape in a target", (text: string) => text.replaceAll("loss_a", String.raw`\u001b[2J`), /no line breaks or control characters/], // prettier-ignore
  ["a domain named twice", (text: string) => text.replace('"domains":["web","code"]', '"domains":["web","web"]'), /named twice/], // prettier-ignore
  ["a trained mixture of one domain", (text: string) => text.replace(/"mixtures":\[\{"weights":\[[^\]]*/, '"mixtures":[{"weights":[1'), /data is .*; a mixture needs a weight for each domain/], // prettier-ignore
  ["a center below 0", (text: string) => text.replace(/"center":\{"params":[^,]*/, '"center":{"params":-1'), /center\.params is -1; it must be a positive number/], // prettier-ignore
  ["a coordinate outside of its bounds", (text: string) => text.replace(/"lnA":[^,]*/, '"lnA":1e308'), /fits\.0\.coordinates\.lnA is 1e\+308; the law simple has it from -60 to 60/], // prettier-ignore
  ["a parameter that the law's other fits have", beside((all) => Object.fromEntries(Object.entries(all).filter(([name]) => name !== "E"))), /fits\.1\.parameters lacks "E"/], // prettier-ignore
  ["a parameter that the law's other fits lack", beside((all) => ({ ...all, zeta: 1 })), /fits\.1\.parameters\.zeta is there; the first fit of simple has none of that name/], // prettier-ignore
  ["a law of the catalog redefined", defining("simple", { ...formula, name: "simple" }), /redefines a law of the catalog/], // prettier-ignore
  ["a definition of another name", defining("x", formula), /another name than its key/],
  ["a definition without a formula", defining("x", {}), /definitions/],
  ["a formula that is a number", defining("x", { ...formula, name: "x", formula: 7 }), /formula/],
  ["a law that every object has", (text: string) => text.replaceAll('"law":"simple"', '"law":"constructor"'), /does not know/], // prettier-ignore
])("%s is refused", (_, change, message) => {
  const refusal = refusalOf(change);
  expect(refusal).toMatch(message);
  expect(refusal).not.toContain("\n");
});

test("a definition beside the fits harms nothing", () => {
  expect(refusalOf(defining("mine", formula))).toBe("");
});

test("a replicate without a value leaves an interval open, and a prediction must have one", async () => {
  const file = parseFitFile(good, "fit.json");
  const points = await runsOf("n_params,n_tokens,h_web,h_code\n1e8,2e9,0.5,0.5", { targets: "" });
  const replicates = new Float64Array(8 * 8).fill(NaN);
  const broken = {
    ...file,
    fits: file.fits.map((each) => ({
      ...each,
      bootstrap: each.bootstrap && {
        ...each.bootstrap,
        interval: "percentile" as const,
        coordinates: Buffer.from(replicates.buffer).toString("base64"),
      },
    })),
  };
  const [prediction] = predict(broken, points, { intervalOf: "law", interval: "percentile" });
  expect(prediction?.band?.low[0]).toBe(-Infinity);
  const far = await runsOf("n_params,n_tokens,h_web,h_code\n1e-300,2e9,0.5,0.5", {
    targets: "",
    units: ABSOLUTE,
  });
  const steep = { ...file, fits: file.fits.map((each) => ({ ...each, coordinates: { ...each.coordinates, alpha: 10 } })) }; // prettier-ignore
  expect(() => predict(steep, far)).toThrow(/drawn.csv, row 1: the fit of simple to loss_a has no finite prediction/); // prettier-ignore
});
