/** Fit files: what readers rely on is checked, so that a wrong file gives one clear message. */
import * as v from "valibot";
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import { CATALOG } from "../laws/catalog/catalog.ts";
import { DEFINITION } from "../laws/formula/formula-options.ts";
import { aName, byName } from "../options/option-schema.ts";
import { SIGNS } from "../options/fit-options.ts";
import { INTERVALS } from "../stats/interval.ts";
import { holdingFits } from "./result/failed-fits.ts";
import type { FitFile } from "./result/fit-file.ts";

const number = v.pipe(v.number(), v.finite());
const count = v.pipe(number, v.minValue(0));
const positive = v.pipe(
  number,
  v.check((value) => value > 0, "it must be above 0"),
);
const units = v.looseObject({ params: positive, tokens: positive });
const span = v.nullable(v.looseObject({ min: number, max: number }));

const verdict = v.looseObject({
  status: v.string(),
  findings: v.array(v.looseObject({ code: v.string(), sentence: v.string() })),
});

const backtests = v.looseObject({
  levels: v.array(number),
  scale: number,
  noise: number,
  list: v.array(
    v.looseObject({
      levels: number,
      rows: number,
      distance: number,
      error: number,
      scatter: number,
      noise: number,
      standardError: number,
    }),
  ),
});

const chosen = v.looseObject({ law: aName, by: v.string(), alike: v.array(aName) });

const fitSchema = v.looseObject({
  version: v.string(),
  data: v.pipe(
    v.looseObject({
      source: v.string(),
      domains: v.pipe(
        v.array(aName),
        v.check((names) => new Set(names).size === names.length, "a domain is named twice"),
      ),
      range: v.looseObject({ params: span, tokens: span }),
      mixtures: v.array(v.looseObject({ weights: v.array(count), runs: count })),
    }),
    v.check(
      ({ domains, mixtures }) => mixtures.every(({ weights }) => weights.length === domains.length),
      "a mixture needs a weight for each domain",
    ),
  ),
  settings: v.looseObject({
    signs: v.picklist(SIGNS),
    fix: v.optional(v.record(v.string(), number), {}),
    tie: v.optional(v.record(v.string(), v.string()), {}),
    bounds: v.optional(v.record(v.string(), v.tuple([v.nullable(number), v.nullable(number)])), {}),
    ranges: v.optional(v.record(v.string(), v.tuple([number, number])), {}),
    starts: v.optional(v.array(v.record(v.string(), number)), []),
  }),
  chosen: v.optional(chosen),
  definitions: v.optional(
    v.pipe(
      byName(DEFINITION),
      v.check(
        (laws) => Object.keys(laws).every((law) => !CATALOG.has(law)),
        "it redefines a law of the catalog",
      ),
      v.check(
        (laws) => Object.entries(laws).every(([law, { name: own }]) => law === own),
        "a definition has another name than its key",
      ),
    ),
  ),
  failed: v.optional(
    v.array(
      v.looseObject({
        law: aName,
        target: aName,
        findings: v.array(v.looseObject({ sentence: v.string() })),
      }),
    ),
  ),
  fits: v.array(
    v.looseObject({
      law: aName,
      target: aName,
      coordinates: v.record(v.string(), number),
      center: units,
      // Older files have none.
      bootstrap: v.optional(
        v.nullable(
          v.looseObject({
            replicates: number,
            level: number,
            interval: v.picklist(INTERVALS),
            coordinates: v.string(),
            jackknife: v.string(),
          }),
        ),
        null,
      ),
      covariance: v.optional(v.string()),
      backtests: v.optional(backtests),
      warnings: v.optional(v.array(v.string()), []),
      verdict: v.optional(verdict),
      search: v.looseObject({
        status: v.picklist(["converged", "not-converged", "interrupted"]),
      }),
    }),
  ),
});

/**
 * The fit file that a JSON text is.
 *
 * @param source how messages name the file
 * @throws InputError when it is no JSON, is another kind of file, or lacks something.
 */
export function parseFitFile(text: string, source: string): FitFile {
  const value = parseJson(text, source);
  const schema =
    typeof value === "object" && value !== null && "schema" in value ? value.schema : undefined;
  if (schema !== "mixlaw/fit@2" && schema !== "mixlaw/fit@1")
    throw new InputError(`${source} ${whatItIs(schema)}`, { file: source });
  const checked = v.safeParse(fitSchema, value);
  if (!checked.success) {
    const [issue] = checked.issues;
    throw damaged(source, v.getDotPath(issue) ?? "the file", issue.message);
  }
  const file = checked.output as unknown as FitFile;
  if (file.fits.length + (file.failed ?? []).length === 0)
    throw damaged(source, "fits", "there is no fit in it");
  if (file.fits.length === 0) holdingFits(file); // throws: it says why each has failed
  return file;
}

/** What a JSON text holds. @throws InputError naming the file. */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(
      `${source} is no JSON file: fit files are written with "mixlaw fit RUNS ${option("out", "fit.json")}"`,
      { file: source },
    );
  }
}

const damaged = (path: string, where: string, problem: string): InputError =>
  new InputError(
    `${path} is damaged: ${where}: ${problem}; write it again with "mixlaw fit … ${option("out", path)}"`,
    { file: path },
  );

function whatItIs(schema: unknown): string {
  const remedy = `write one with "mixlaw fit RUNS ${option("out", "fit.json")}"`;
  if (typeof schema !== "string")
    return `is JSON, but no fit file (it has no "schema": "mixlaw/fit@2"): ${remedy}`;
  const newer = /^mixlaw\/fit@(\d+)$/.exec(schema);
  if (newer !== null)
    return `is a fit file of another version (${schema}; this mixlaw reads mixlaw/fit@1 and mixlaw/fit@2): use the mixlaw that wrote it`;
  return `is a ${JSON.stringify(schema)} file and no fit file: ${remedy}`;
}
