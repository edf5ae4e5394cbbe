/** An optimum as other tools read it: one table of the formats there are. */
import { InputError } from "../../base/errors.ts";
import { json } from "../../base/json.ts";
import { ownOf } from "../../base/known.ts";
import { option } from "../../base/option-text.ts";
import { endingOf } from "../../data/table/formats.ts";
import { isRunBySpreadsheets } from "../../data/write/csv-text.ts";
import { type RowTable, rowsCsv } from "../../data/write/row-table.ts";
import { yamlText } from "../../data/write/yaml-text.ts";
import { checkPhase, namesOf, ofPhase } from "./of-phase.ts";
import { checkedOptimum } from "../request/optimum-schema.ts";
import type { Optimum } from "../request/optimum.ts";
import { type DataPaths, isPlainWord, NO_PLAIN_WORD, pathsIn } from "./paths.ts";
import {
  levanter,
  megatronLine,
  megatronSplits,
  nemo,
  olmoCore,
  tokenComment,
} from "./trainers.ts";
import { printedShares } from "./whole-parts.ts";

/** How a format is written where it may be written in two ways: JSON for files that end so. */
export type Notation = "usual" | "json";

interface OptimumFormatRow {
  /** How it looks, for help; empty where its name says it. */
  readonly looks: string;
  /** Endings of file names that mean it. */
  readonly endings: readonly string[];
  /** Whether it can hold the optima of several scales, or one mixture only. */
  readonly several: boolean;
  readonly write: (optimum: Optimum, paths: DataPaths, notation: Notation) => string;
  /** What is wrong with a domain in it, and what to do; undefined where nothing is. */
  readonly problem?: (
    domain: string,
    paths: readonly string[],
    notation: Notation,
  ) => string | undefined;
}

/** Domain, weight, tokens and epochs; the last two are empty where they are not known. */
export function optimumRows({ weights, at, allocation }: Optimum): RowTable {
  const printed = printedShares(weights, allocation === null ? null : at.tokens);
  return {
    fields: ["domain", "weight", "tokens", "epochs"],
    rows: Object.entries(printed.weights).map(([domain, weight]) => {
      const epochs = ownOf(allocation ?? undefined, domain)?.epochs ?? null;
      return [domain, weight, ownOf(printed.tokens?.by, domain) ?? null, epochs];
    }),
  };
}

const csv = (optimum: Optimum): string => rowsCsv(optimumRows(optimum));

/** A format that is YAML with a comment on the tokens, or JSON, of a value. */
const structured =
  (value: (optimum: Optimum, paths: DataPaths) => unknown): OptimumFormatRow["write"] =>
  (optimum, paths, notation) =>
    notation === "json"
      ? `${json(value(optimum, paths))}\n`
      : `${tokenComment(optimum)}${yamlText(value(optimum, paths))}`;

const map: OptimumFormatRow["write"] = (optimum, _, notation) => {
  const { weights } = printedShares(optimum.weights, null);
  return notation === "json" ? `${json(weights)}\n` : yamlText(weights);
};

const GIVE = `give it with ${option("paths")}`;

const formulaProblem = (domain: string): string | undefined =>
  isRunBySpreadsheets(domain)
    ? `would be run as a formula by spreadsheets: choose ${option("format", "json")} or yaml`
    : undefined;

/** A weight belongs to one path. */
const severalProblem = (paths: readonly string[]): string | undefined =>
  paths.length > 1
    ? `has ${paths.length} data paths, and a blend has one for each weight: merge them, or make each a domain`
    : undefined;

/** A list in JSON holds any path. */
const megatronProblem: OptimumFormatRow["problem"] = (domain, paths, notation) => {
  const several = severalProblem(paths);
  if (several !== undefined || notation === "json") return several;
  const [path] = paths;
  if (isPlainWord(path ?? domain)) return undefined;
  return path === undefined
    ? `${NO_PLAIN_WORD}: give its data path with ${option("paths")}, or choose ${option("format", "map")}`
    : `has the data path ${JSON.stringify(path)}, which ${NO_PLAIN_WORD}: rename it, or name a file in .json with ${option("out")}`;
};

/** OmegaConf, which reads these files, puts something else in the place of ${…}. */
const nemoProblem: OptimumFormatRow["problem"] = (domain, paths) =>
  severalProblem(paths) ??
  ((paths[0] ?? domain).includes("${")
    ? `has a data path with "\${", which OmegaConf would replace: ${GIVE} otherwise`
    : undefined);

const olmoCoreProblem: OptimumFormatRow["problem"] = (_, paths) =>
  paths.length === 0
    ? `has no data path, and OLMo-core asks for .npy files of each source: ${GIVE}, such as '/data/{domain}/*.npy'`
    : undefined;

/** The formats, in the order in which help lists them. */
export const OPTIMUM_FORMATS = {
  json: {
    looks: "",
    endings: ["json"],
    several: true,
    write: (optimum) => `${JSON.stringify(optimum, undefined, 2)}\n`,
  },
  yaml: {
    looks: "",
    endings: ["yaml", "yml"],
    several: true,
    write: (optimum) => yamlText(optimum),
  },
  csv: { looks: "", endings: ["csv"], several: true, write: csv, problem: formulaProblem },
  map: { looks: "name: weight", endings: [], several: false, write: map },
  "olmo-core": {
    looks: "",
    endings: [],
    several: false,
    write: structured(olmoCore),
    problem: olmoCoreProblem,
  },
  nemo: { looks: "", endings: [], several: false, write: structured(nemo), problem: nemoProblem },
  levanter: { looks: "", endings: [], several: false, write: structured(levanter) },
  megatron: {
    looks: "weight path …",
    endings: [],
    several: false,
    write: (optimum, paths, notation) =>
      notation === "json"
        ? `${json(megatronSplits(optimum, paths))}\n`
        : megatronLine(optimum, paths),
    problem: megatronProblem,
  },
} as const satisfies Readonly<Record<string, OptimumFormatRow>>;

/** How an optimum may be written; see `formatOptimum`. */
export type OptimumFormat = keyof typeof OPTIMUM_FORMATS;

/** Their names. */
export const OPTIMUM_FORMAT_NAMES = Object.keys(OPTIMUM_FORMATS) as readonly OptimumFormat[];

/**
 * An optimum as text, with its last line end. Throws InputError for a domain that the format cannot
 * carry. `csv` has the columns domain, weight, tokens and epochs, `map` lines "name: weight";
 * `olmo-core`, `nemo`, `levanter` and `megatron` are what these trainers read. But for `json` and
 * `yaml`, which hold all of the optimum, shares are multiples of 1e-15 whose decimals sum to 1, and
 * tokens are whole numbers that sum to all of them.
 *
 * @param paths for trainers: the data paths of a domain, or a pattern such as "/data/{domain}".
 *   Default: its name; `olmo-core` must have them.
 * @param notation "json" for JSON in place of YAML, and for Megatron's file of splits
 * @param phase of an optimum of phases: the one whose mixture is written, with its tokens. Formats
 *   of one mixture need it
 * @example formatOptimum(optimum, "megatron", { web: "/data/web" }) // "0.75 /data/web 0.25 code\n"
 */
export function formatOptimum(
  optimum: Optimum,
  format: OptimumFormat,
  paths: DataPaths = {},
  notation: Notation = "usual",
  phase?: string,
): string {
  const { write }: OptimumFormatRow = OPTIMUM_FORMATS[format];
  checkPhaseFor(format, namesOf(checkedOptimum(optimum, "the optimum").phases), phase);
  const one = phase === undefined ? optimum : ofPhase(optimum, phase);
  checkDomains(Object.keys(one.weights), format, paths, notation);
  return write(one, paths, notation);
}

/** Throws the InputError for a phase that is not there, and for one that a format lacks. */
export const checkPhaseFor = (
  format: OptimumFormat,
  names: readonly string[] | undefined,
  phase: string | undefined,
): void => checkPhase(names, phase, OPTIMUM_FORMATS[format].several ? undefined : format);

/**
 * Throws the InputError for the first domain that a format cannot carry: it names the domain, and
 * another format. Domains that have no share matter too: they may have one next time.
 */
export function checkDomains(
  domains: readonly string[],
  format: OptimumFormat,
  paths: DataPaths = {},
  notation: Notation = "usual",
): void {
  const { problem }: OptimumFormatRow = OPTIMUM_FORMATS[format];
  for (const domain of domains) {
    const why = problem?.(domain, pathsIn(paths, domain), notation);
    if (why !== undefined)
      throw new InputError(
        `${option("format", format)}: the domain ${JSON.stringify(domain)} ${why}.`,
        { option: format === "csv" ? "format" : "paths" },
      );
  }
}

/** A file's format by its name; json where its ending is none of a format. */
export function optimumFormatOf(path: string): OptimumFormat {
  const ending = endingOf(path).toLowerCase();
  return (
    OPTIMUM_FORMAT_NAMES.find((name) =>
      (OPTIMUM_FORMATS[name].endings as readonly string[]).includes(ending),
    ) ?? "json"
  );
}

/** How a format is written to a file of this name. */
export const notationOf = (path: string | undefined): Notation =>
  path !== undefined && endingOf(path).toLowerCase() === "json" ? "json" : "usual";
