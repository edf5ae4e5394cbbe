/**
 * Files of every kind with one leaf changed: fit files of phases, ridges and common parameters,
 * optima, plans, law files. `npm run fuzz -- --leaves` goes through all of these changes.
 */
import { fc } from "../../support/property.ts";
import { tableOf } from "../../../src/data/table/rows.ts";
import { toRuns } from "../../../src/data/runs/runs.ts";
import { parseFitFile } from "../../../src/fit/file/parse-fit-file.ts";
import { parseLawFile } from "../../../src/laws/formula/law-file.ts";
import { check, type FitFile, laws, type OptimizeOptions, parsePlan, registerPlan } from "../../../src/node.ts"; // prettier-ignore
import { planDigest } from "../../../src/register/plan-file.ts";
import type { Plan } from "../../../src/register/plan.ts";
import { checkTable } from "../../../src/cli/print/check-table.ts";
import { PLAIN } from "../../../src/cli/text/style.ts";
import { PHASES, phasedRows } from "../../fit/phased-runs.ts";
import { type Harness, harness } from "../harness.ts";
import { noLeak } from "../judge.ts";
import { leafChanges } from "../leaves.ts";
import { AT, engine, FIT_FILES, OPTIMUM, RUNS } from "./fitted.ts";
import { useOptimum, USES } from "./files.ts";
import { useLaw } from "./texts.ts";

/** As the file is read back; nothing in it is of the clock, so that all processes agree. */
const asRead = <T extends object>(value: T): T =>
  ({ ...(JSON.parse(JSON.stringify(value)) as T), ...("timing" in value ? { timing: { total: 1 } } : {}) }); // prettier-ignore

const QUICK = { restarts: 4, seed: 1 } as const;
const phased = toRuns(tableOf(phasedRows(12), "runs.csv"), {
  phases: PHASES,
  targets: "loss_each",
});
const [ofTwoLaws, ofAFormula] = FIT_FILES.map(asRead);
const ofPhases = asRead(await engine.fit(laws.logLinear, phased, { ...QUICK, ridge: 0.01 }));
const inCommon = asRead(await engine.fit(laws.simple, RUNS, { ...QUICK, common: ["alpha"] }));
const phasesAt: OptimizeOptions = { tokens: 1e10, samples: 64, constraints: { maxChange: 0.5 } };
const optimumOfPhases = asRead(await engine.optimize(ofPhases, phasesAt));
const plan = asRead(registerPlan(FIT_FILES[0], OPTIMUM));
const law = {
  name: "j",
  formula: "L = E + A/params^alpha + b*x + sum(C[i]*h[i])",
  inputs: { x: { meaning: "steps", positive: true } },
  parameters: { E: { start: [0, 2], bounds: [0, null] }, alpha: { chart: "log", meaning: "m" }, C: { per: "domain", start: [0.1, 3] } },
  source: "s",
  about: "a",
}; // prettier-ignore

const useFit = async (text: string, at: OptimizeOptions): Promise<unknown> => {
  const file = parseFitFile(text, "fit.json");
  const uses = Object.values(USES).map((use) => async () => use(file, at));
  const results: unknown[] = [];
  for (const use of uses) results.push(await use());
  return results;
};

/** A changed plan with the hash that it then has, so that what it says is read. */
function usePlan(text: string): unknown {
  const changed = JSON.parse(text) as Plan;
  const isSame = changed.sha256 === plan.sha256;
  const sealed = isSame ? JSON.stringify({ ...changed, sha256: planDigest(changed) }) : text;
  const answer = check(parsePlan(sealed, "plan.json"), RUNS, { within: 0.9 });
  noLeak(checkTable(answer, "plan.json", { width: 100, style: PLAIN, charts: true }), answer);
  return answer;
}

interface Document {
  readonly value: unknown;
  readonly use: (text: string) => unknown;
}

const fitDocument = (value: FitFile, at: OptimizeOptions): Document => ({
  value,
  use: (text) => useFit(text, at),
});

const DOCUMENTS: Readonly<Record<string, Document>> = {
  "leaves-of-fit": fitDocument(ofTwoLaws, AT),
  "leaves-of-formula-fit": fitDocument(ofAFormula, { params: 4e7, tokens: 4e9 }),
  "leaves-of-phases-fit": fitDocument(ofPhases, phasesAt),
  "leaves-of-common-fit": fitDocument(inCommon, AT),
  "leaves-of-optimum": { value: asRead(OPTIMUM), use: (text) => useOptimum(text, ofTwoLaws) },
  "leaves-of-phases-optimum": { value: optimumOfPhases, use: (text) => useOptimum(text, ofPhases) },
  "leaves-of-plan": { value: plan, use: usePlan },
  "leaves-of-law": { value: law, use: (text) => useLaw(parseLawFile(text, "law.json")) },
};

export const HARNESSES: readonly Harness[] = Object.entries(DOCUMENTS).map(
  ([name, { value, use }]) => {
    const every = leafChanges(value);
    const texts = fc.nat(every.count - 1).map((n) => String(every.at(n)));
    return { ...harness(name, texts, use), every };
  },
);
