/** The schema of a fit file. What files of earlier versions lack is optional. */
import * as v from "valibot";
import { CATALOG } from "../../laws/catalog/catalog.ts";
import { DEFINITION } from "../../laws/formula/formula-options.ts";
import { someUnits } from "../../options/count-units.ts";
import { PHASES } from "../../data/runs/runs-options.ts";
import { cellsOf } from "../../options/phases.ts";
import { aRestartCount, SETTING_ENTRIES } from "../../options/fit-options.ts";
import {
  aName,
  aNumber,
  aPart,
  aPositive,
  aText,
  atLeastZero,
  aWhole,
  byName,
  DOMAINS,
  listOf,
  oneOf,
} from "../../options/option-schema.ts";
import { aCount, aSpan, aStatistic, FINDINGS, FIT, names, texts } from "./fit-schema.ts";

const span = v.nullable(aSpan);

/** Shares of a trained mixture sum to 1 within this. */
const ROUNDING = 1e-6;

const mixture = aPart({
  weights: v.pipe(
    listOf(atLeastZero),
    v.check(
      (weights) => Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) <= ROUNDING,
      "the shares of a mixture must sum to 1",
    ),
  ),
  runs: aCount,
});

const data = v.pipe(
  aPart({
    source: aText,
    sha256: aText,
    rows: aCount,
    testRows: aCount,
    units: v.optional(someUnits),
    reading: v.optional(
      aPart({
        ...Object.fromEntries(
          ["params", "tokens", "weights", "targets", "sigma", "rowWeights", "group", "where", "test", "join", "long", "supply"].map((key) => [key, v.optional(aText)]), // prettier-ignore
        ),
        normalize: v.optional(v.boolean()),
        phases: v.optional(PHASES),
        sources: v.optional(texts),
        units: v.optional(someUnits),
        inputs: v.optional(byName(aText)),
        available: v.optional(byName(aPositive, aName)),
      }),
    ),
    domains: DOMAINS,
    phases: v.optional(aPart({ names: DOMAINS, domains: DOMAINS })),
    dropped: listOf(aPart({ reason: aText, rows: aCount })),
    notes: texts,
    range: aPart({
      params: span,
      tokens: span,
      compute: v.optional(span),
      inputs: v.optional(byName(aSpan, aName)),
    }),
    coverage: v.optional(
      aPart({
        sizes: v.nullable(aCount),
        tokenCounts: v.nullable(aCount),
        tokensPerParam: span,
        correlation: aStatistic,
      }),
      { sizes: null, tokenCounts: null, tokensPerParam: null, correlation: null },
    ),
    mixtures: listOf(mixture),
    distinctMixtures: v.exactOptional(aCount),
  }),
  v.check(
    ({ domains: named, mixtures }) =>
      mixtures.every(({ weights }) => weights.length === named.length),
    "a mixture needs a weight for each domain",
  ),
  v.check(
    ({ domains: cells, phases }) =>
      phases === undefined || JSON.stringify(cellsOf(phases)) === JSON.stringify(cells),
    "the domains are not those of the phases",
  ),
);

const definitions = v.pipe(
  byName(DEFINITION, aName),
  v.check(
    (laws) => Object.keys(laws).every((law) => !CATALOG.has(law)),
    "it redefines a law of the catalog",
  ),
  v.check(
    (laws) => Object.entries(laws).every(([law, { name: own }]) => law === own),
    "a definition has another name than its key",
  ),
);

const column = aText;
const columns = byName(column, aName);
const keptSet = aPart({
  count: aWhole(0),
  rowNumbers: column,
  inputs: columns,
  shares: columns,
  losses: columns,
  sigmas: v.optional(columns),
  rowWeights: v.optional(column),
  groups: v.optional(aPart({ labels: texts, places: column })),
});

/** A fit file. */
export const FIT_FILE = aPart({
  version: aName,
  data,
  settings: aPart({ ...SETTING_ENTRIES, restarts: aRestartCount }),
  backend: aPart({
    kind: oneOf(["webgpu", "cpu"]),
    adapter: aText,
    float64: v.optional(oneOf(["webassembly", "javascript"])),
  }),
  fits: listOf(FIT),
  failed: v.optional(listOf(aPart({ law: aName, target: aName, findings: FINDINGS }))),
  chosen: v.optional(
    aPart({
      law: aName,
      by: oneOf(["back-tests", "validation"]),
      alike: names,
      errors: byName(aNumber, aName),
    }),
  ),
  definitions: v.optional(definitions),
  timing: byName(aNumber),
  rows: v.optional(aPart({ group: v.optional(aText), train: keptSet, test: v.optional(keptSet) })),
});
