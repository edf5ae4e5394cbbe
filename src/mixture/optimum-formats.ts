/** An optimum as other tools read it: one table of the formats there are. */
import { InputError } from "../base/errors.ts";
import { ownOf } from "../base/known.ts";
import { option } from "../base/option-text.ts";
import { endingOf } from "../data/table/formats.ts";
import { csvText, isRunBySpreadsheets } from "../data/write/csv-text.ts";
import { yamlText } from "../data/write/yaml-text.ts";
import { checkedOptimum } from "./request/optimum-schema.ts";
import type { Optimum } from "./request/optimum.ts";

/** Data paths by domain. */
type Paths = Readonly<Record<string, string>>;

interface OptimumFormatRow {
  /** How it looks, for help; empty where its name says it. */
  readonly looks: string;
  /** Endings of file names that mean it. */
  readonly endings: readonly string[];
  /** Whether it can hold the optima of several scales, or one mixture only. */
  readonly several: boolean;
  readonly write: (optimum: Optimum, paths: Paths) => string;
  /** What is wrong with the name of a domain in it, and what to do; undefined where nothing is. */
  readonly problem?: (domain: string, paths: Paths) => string | undefined;
}

/** What a shell takes as one word and as nothing else, and a program as no flag. */
const PLAIN_WORD = /^(?!-)[\p{L}\p{M}\p{N}_./:@%+,-]+$/u;

/** What is said of words that are none. */
export const NO_PLAIN_WORD =
  "is no plain word (letters, digits and _ . / : @ % + , -, which does not come first)";

/** Whether a shell takes a text as one word, and as nothing else. */
export const isPlainWord = (text: string): boolean => PLAIN_WORD.test(text);

/** Domain, weight, tokens and epochs; the last two are empty where they are not known. */
const csv = ({ weights, allocation }: Optimum): string =>
  csvText(
    ["domain", "weight", "tokens", "epochs"],
    Object.entries(weights).map(([domain, weight]) => {
      const part = ownOf(allocation ?? undefined, domain);
      return [domain, weight, part?.tokens ?? null, part?.epochs ?? null];
    }),
  );

/** "weight path" pairs on one line, as Megatron-style `--data-path` takes them. */
const megatron = ({ weights }: Optimum, paths: Paths): string =>
  `${Object.entries(weights)
    .filter(([, weight]) => weight > 0)
    .map(([domain, weight]) => `${weight} ${ownOf(paths, domain) ?? domain}`)
    .join(" ")}\n`;

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
  csv: {
    looks: "",
    endings: ["csv"],
    several: true,
    write: csv,
    problem: (domain) =>
      isRunBySpreadsheets(domain)
        ? `would be run as a formula by spreadsheets: choose ${option("format", "json")} or yaml`
        : undefined,
  },
  megatron: {
    looks: "weight path …",
    endings: [],
    several: false,
    write: megatron,
    problem: (domain, paths) =>
      isPlainWord(ownOf(paths, domain) ?? domain)
        ? undefined
        : `${NO_PLAIN_WORD}: give its data path with ${option("paths")}, or choose ${option("format", "map")}`,
  },
  map: {
    looks: "name: weight",
    endings: [],
    several: false,
    write: ({ weights }) => yamlText(weights),
  },
} as const satisfies Readonly<Record<string, OptimumFormatRow>>;

/** How an optimum may be written; see `formatOptimum`. */
export type OptimumFormat = keyof typeof OPTIMUM_FORMATS;

/** Their names. */
export const OPTIMUM_FORMAT_NAMES = Object.keys(OPTIMUM_FORMATS) as readonly OptimumFormat[];

/**
 * An optimum as text, with its last line end. Throws InputError for a domain that the format cannot
 * carry. `megatron` has "weight path" pairs on one line, `map`
 * lines "name: weight", `csv` the columns domain, weight, tokens and epochs.
 * @param paths for `megatron`: the data path of a domain. Default: its name.
 * @example formatOptimum(optimum, "megatron", { web: "/data/web" }) // "0.75 /data/web 0.25 code\n"
 */
export function formatOptimum(optimum: Optimum, format: OptimumFormat, paths: Paths = {}): string {
  const { write }: OptimumFormatRow = OPTIMUM_FORMATS[format];
  checkDomains(Object.keys(checkedOptimum(optimum, "the optimum").weights), format, paths);
  return write(optimum, paths);
}

/**
 * Throws the InputError for the first domain that a format cannot carry: it names the domain, and
 * another format. Domains that have no share matter too: they may have one next time.
 */
export function checkDomains(
  domains: readonly string[],
  format: OptimumFormat,
  paths: Paths = {},
): void {
  const { problem }: OptimumFormatRow = OPTIMUM_FORMATS[format];
  for (const domain of domains) {
    const why = problem?.(domain, paths);
    if (why !== undefined)
      throw new InputError(
        `${option("format", format)}: the domain ${JSON.stringify(domain)} ${why}.`,
        { option: format === "megatron" ? "paths" : "format" },
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
