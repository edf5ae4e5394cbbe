/**
 * The mixture as trainers read it. docs/export.md says by which code of each trainer a file was
 * read, and what came out.
 */
import { byNames, given } from "../../base/objects.ts";
import { ownOf } from "../../base/known.ts";
import { yamlText } from "../../data/write/yaml-text.ts";
import type { Optimum } from "../request/optimum.ts";
import { type DataPaths, pathsIn } from "./paths.ts";
import { printedShares } from "./whole-parts.ts";

/** A domain that has a share. */
export interface Source {
  readonly domain: string;
  readonly weight: number;
  /** Its data paths; none where it has no path of its own. */
  readonly paths: readonly string[];
}

/** The domains that have a share: trainers are not told of others. */
export function sourcesOf(optimum: Optimum, paths: DataPaths): Source[] {
  const { weights } = printedShares(optimum.weights, null);
  return Object.entries(weights)
    .filter(([, weight]) => weight > 0)
    .map(([domain, weight]) => ({ domain, weight, paths: pathsIn(paths, domain) }));
}

/**
 * OLMo-core: a SourceMixtureList, for `SourceMixtureList.from_file`. A source may be repeated as
 * often as the optimum repeats it, where the available tokens are known: OLMo-core refuses more.
 */
export const olmoCore = (optimum: Optimum, paths: DataPaths): unknown => ({
  sources: sourcesOf(optimum, paths).map((source) => {
    const epochs = ownOf(optimum.allocation ?? undefined, source.domain)?.epochs ?? 1;
    return {
      source_name: source.domain,
      target_ratio: source.weight,
      paths: source.paths,
      // Rounded up: OLMo-core refuses a source whose tokens do not suffice.
      ...given({ max_repetition_ratio: epochs > 1 ? Math.ceil(epochs * 100) / 100 : undefined }),
    };
  }),
});

/** Weights and prefixes in turn, as Megatron's blends are written; both are texts. */
const blend = (optimum: Optimum, paths: DataPaths): string[] =>
  sourcesOf(optimum, paths).flatMap(({ domain, weight, paths: [path = domain] }) => [
    String(weight),
    path,
  ]);

/** The blend on one line: for `--data-path $(cat FILE)` and `--data-args-path FILE`. */
export const megatronLine = (optimum: Optimum, paths: DataPaths): string =>
  `${blend(optimum, paths).join(" ")}\n`;

/** The same as JSON, for `--per-split-data-args-path FILE`; a split that is null has no data. */
export const megatronSplits = (optimum: Optimum, paths: DataPaths): unknown => ({
  train: blend(optimum, paths),
  valid: null,
  test: null,
});

/** NeMo's Megatron-Bridge: overrides of its configuration, for `--config-file`. */
export const nemo = (optimum: Optimum, paths: DataPaths): unknown => ({
  dataset: { data_path: blend(optimum, paths) },
});

/**
 * Levanter: an LmDataConfig, for `data: !include FILE`. A component without a source is the cache
 * of its name.
 */
export function levanter(optimum: Optimum, paths: DataPaths): unknown {
  const sources = sourcesOf(optimum, paths);
  return {
    components: byNames(
      sources.map(({ domain, paths: urls }) => [
        domain,
        urls.length === 0 ? {} : { source: { type: "url", train_urls: urls } },
      ]),
    ),
    train_weights: byNames(sources.map(({ domain, weight }) => [domain, weight])),
  };
}

/** Comment lines that say how many tokens of each domain that is; none where it is not known. */
export function tokenComment({ weights, at, allocation }: Optimum): string {
  const { tokens } = printedShares(weights, allocation === null ? null : at.tokens);
  if (tokens === undefined) return "";
  const by = Object.entries(tokens.by).filter(([, count]) => count > 0);
  const lines = yamlText({ requested_tokens: tokens.total, tokens: byNames(by) });
  return lines.replace(/^(?=.)/gm, "# ");
}
