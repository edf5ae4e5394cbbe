/** An optimum as other tools read it. */
import { stringify } from "yaml";
import type { Optimum } from "./request/optimum.ts";
import { csvText } from "../data/table/write-csv.ts";

/** How an optimum may be written; see `formatOptimum`. */
export type Format = "json" | "yaml" | "csv" | "megatron" | "map";

/** Shares with as many digits as float64 has: the formats lose nothing. */
const share = (x: number): string => String(x);

/**
 * `megatron`: "weight path" pairs on one line, as Megatron-style `--data-path` takes them; `paths`
 * maps a domain to its prefix (default: its name). `map`: "name: weight" lines. `csv`: domain,
 * weight, tokens, epochs.
 */
export function formatOptimum(
  optimum: Optimum,
  format: Format,
  paths: Readonly<Record<string, string>> = {},
): string {
  const weights = Object.entries(optimum.weights);
  switch (format) {
    case "json":
      return `${JSON.stringify(optimum, undefined, 2)}\n`;
    case "yaml":
      return stringify(optimum);
    case "csv":
      return csvText(
        ["domain", "weight", "tokens", "epochs"],
        weights.map(([domain, weight]) => {
          const part = optimum.allocation?.[domain];
          return [domain, weight, part?.tokens ?? null, part?.epochs ?? null];
        }),
      );
    case "megatron":
      return `${weights.filter(([, w]) => w > 0).map(([d, w]) => `${share(w)} ${paths[d] ?? d}`).join(" ")}\n`; // prettier-ignore
    case "map":
      return stringify(Object.fromEntries(weights));
  }
}
