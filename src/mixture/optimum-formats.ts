/** An optimum as other tools read it: one table of the formats there are. */
import { stringify } from "yaml";
import { InputError } from "../base/errors.ts";
import { ownOf } from "../base/known.ts";
import { option } from "../base/option-text.ts";
import { csvText } from "../data/table/write-csv.ts";
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
}

/** Domain, weight, tokens and epochs; the last two are empty where they are not known. */
const csv = ({ weights, allocation }: Optimum): string =>
  csvText(
    ["domain", "weight", "tokens", "epochs"],
    Object.entries(weights).map(([domain, weight]) => {
      const part = ownOf(allocation ?? undefined, domain);
      return [domain, weight, part?.tokens ?? null, part?.epochs ?? null];
    }),
  );

/** What a shell takes as one word, and as nothing else. */
const PLAIN_WORD = /^[\p{L}\p{M}\p{N}_./:@%+,-]+$/u;

/**
 * "weight path" pairs on one line, as Megatron-style `--data-path` takes them. Throws InputError
 * for a domain without a path whose name is no plain word: the line would be cut elsewhere, or a
 * shell would run what the name says.
 */
const megatron = ({ weights }: Optimum, paths: Paths): string =>
  `${Object.entries(weights)
    .filter(([, weight]) => weight > 0)
    .map(([domain, weight]) => `${weight} ${ownOf(paths, domain) ?? plainWord(domain)}`)
    .join(" ")}\n`;

function plainWord(domain: string): string {
  if (PLAIN_WORD.test(domain)) return domain;
  throw new InputError(
    `${option("format", "megatron")} writes a line of words, and the domain ${JSON.stringify(domain)} is no plain word (letters, digits and _ . / : @ % + , -): give its data path with ${option("paths")}.`,
    { option: "paths" },
  );
}

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
    write: (optimum) => stringify(optimum),
  },
  csv: { looks: "", endings: ["csv"], several: true, write: csv },
  megatron: { looks: "weight path …", endings: [], several: false, write: megatron },
  map: {
    looks: "name: weight",
    endings: [],
    several: false,
    write: ({ weights }) => stringify(weights),
  },
} as const satisfies Readonly<Record<string, OptimumFormatRow>>;

/** How an optimum may be written; see `formatOptimum`. */
export type OptimumFormat = keyof typeof OPTIMUM_FORMATS;

/** Their names. */
export const OPTIMUM_FORMAT_NAMES = Object.keys(OPTIMUM_FORMATS) as readonly OptimumFormat[];

/**
 * An optimum as text, with its last line end. `megatron` has "weight path" pairs on one line, `map`
 * lines "name: weight", `csv` the columns domain, weight, tokens and epochs.
 * @param paths for `megatron`: the data path of a domain. Default: its name.
 * @example formatOptimum(optimum, "megatron", { web: "/data/web" }) // "0.75 /data/web 0.25 code\n"
 */
export function formatOptimum(optimum: Optimum, format: OptimumFormat, paths: Paths = {}): string {
  const { write }: OptimumFormatRow = OPTIMUM_FORMATS[format];
  return write(checkedOptimum(optimum, "the optimum"), paths);
}

/** A file's format by its name; json where its ending is none of a format. */
export function optimumFormatOf(path: string): OptimumFormat {
  const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return (
    OPTIMUM_FORMAT_NAMES.find((name) =>
      (OPTIMUM_FORMATS[name].endings as readonly string[]).includes(ending),
    ) ?? "json"
  );
}
