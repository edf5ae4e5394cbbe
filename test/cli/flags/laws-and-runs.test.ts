/** Runs by the columns that a fit knows. */
import { afterAll, expect, test } from "vitest";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare } from "../../../src/cli/flags/laws-and-runs.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";

const place = mkdtempSync(join(tmpdir(), "mixlaw-roles-"));
afterAll(() => rmSync(place, { recursive: true }));
const runs = join(place, "runs.csv");
writeFileSync(runs, "size,n_params,seen,mix/a,mix/b,bpb_x,loss_y\n100,1,2e9,30,70,3,9\n200,2,4e9,60,40,2,8\n"); // prettier-ignore

const fit = {
  data: {
    domains: ["a", "b"],
    range: { params: { min: 1e8, max: 2e8 }, tokens: null },
    reading: {
      params: "size",
      tokens: "seen",
      units: { params: 1e6 },
      weights: "mix/*",
      normalize: true,
      targets: "bpb_*",
    },
  },
} as unknown as FitFile;

test("columns and their units are those of a fit where no flag says others", async () => {
  const { runs: read } = await prepare([runs], { law: "additive" }, true, fit);
  expect([...(read.train.inputs["params"] ?? [])]).toEqual([1e8, 2e8]);
  expect([...(read.train.inputs["tokens"] ?? [])]).toEqual([2e9, 4e9]);
  expect([read.domains, read.targets]).toEqual([["a", "b"], ["bpb_x"]]);
  expect([...read.train.weights].map((share) => share.toFixed(3))).toEqual(["0.300", "0.700", "0.600", "0.400"]); // prettier-ignore
});

test("flags say others, and columns that a table lacks are the usual ones", async () => {
  const flags = { law: "chinchilla", params: "n_params", units: "absolute", targets: "loss_y" } as const; // prettier-ignore
  const { runs: read } = await prepare([runs], flags, false, fit);
  expect([...(read.train.inputs["params"] ?? [])]).toEqual([1, 2]);
  expect(read.targets).toEqual(["loss_y"]);
  const other = { ...fit, data: { ...fit.data, reading: { ...fit.data.reading, params: "N", targets: "z_*", units: undefined } } } as unknown as FitFile; // prettier-ignore
  const usual = await prepare([runs], { law: "chinchilla", units: "absolute" }, false, other);
  expect([[...(usual.runs.train.inputs["params"] ?? [])], usual.runs.targets]).toEqual([[1, 2], ["loss_y"]]); // prettier-ignore
});

test("columns that look like phases are said to", async () => {
  const phased = join(place, "phased.csv");
  writeFileSync(phased, "h0_a,h0_b,h1_a,h1_b,loss\n0.2,0.8,0.5,0.5,3\n0.6,0.4,0.1,0.9,3\n");
  await expect(prepare([phased], { law: "log-linear" })).rejects.toThrow(
    "say --phases h0=PART,h1=PART with each one's part of the tokens if these are phases, --weights 'h0_*' if",
  );
});
