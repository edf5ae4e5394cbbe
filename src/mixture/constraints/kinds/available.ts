/**
 * Caps from the tokens there are: `--available` with `--max-epochs` e demands hᵢ·D ≤ e·tokensᵢ, so
 * that no domain is repeated more than e times. Laws that know of repetition read the same tokens;
 * with them there is no cap unless one is asked for.
 */
import { InputError } from "../../../base/errors.ts";
import { compact } from "../../../base/format-number.ts";
import { aNumber, byName } from "../../../options/option-schema.ts";
import { option } from "../../../base/option-text.ts";
import { toNumber } from "../../../data/table/cells.ts";
import { type KindOf, rowOf, sayOnce, type Setting } from "./kind.ts";

export interface AvailableTokens {
  /**
   * Unique tokens there are, by domain. With `maxEpochs` e: hᵢ·D ≤ e·tokensᵢ. Default: those of
   * the fitted runs, where all runs had the same.
   */
  readonly available?: Readonly<Record<string, number>>;
}

export interface MaxEpochs {
  /**
   * Passes over the available tokens. Default 4 where `available` is given, and none where a law
   * knows what repetition costs.
   */
  readonly maxEpochs?: number;
}

const EPOCHS = 4;
const AVAILABLE = { name: "available", path: "constraints.available" } as const;
const MAX_EPOCHS = { name: "max-epochs", path: "constraints.maxEpochs" } as const;

/** The most passes; undefined for no limit. */
function epochsOf({ request, isRepetitionKnown }: Setting): number | undefined {
  const { maxEpochs: asked } = request as MaxEpochs;
  const epochs = asked ?? EPOCHS;
  if (asked === undefined && isRepetitionKnown) return undefined;
  if (!(epochs > 0 && Number.isFinite(epochs)))
    throw new InputError(`${option(MAX_EPOCHS.path)} is ${epochs}; it must be a positive number.`, {
      option: MAX_EPOCHS.path,
    });
  return epochs;
}

/** Throws an InputError for what is no domain: phases share what there is of each. */
function checkDomains(entries: readonly (readonly [string, number])[], setting: Setting): void {
  const { phases, domains } = setting.space;
  for (const [domain] of entries)
    if (phases !== undefined && domains.includes(domain))
      throw new InputError(
        `${option(AVAILABLE.path)} names "${domain}", a domain in one phase; the phases share the tokens there are: name ${phases.domains.join(", ")}`,
        { option: AVAILABLE.path },
      );
    else rowOf(AVAILABLE, domain, setting);
}

export const available: KindOf<AvailableTokens> = {
  name: AVAILABLE.name,
  key: "available",
  flag: {
    name: "--available",
    metavar: "<TOKENS>",
    help: "the unique tokens there are by domain, web=1.2T,code=300B or a table, for laws that know of repetition and for caps of --max-epochs passes at D (default: those of the runs)",
    repeats: true,
    parse: (texts, reader) => reader.tokens(texts.join(",")),
  },
  schema: byName(aNumber),
  merge: sayOnce(AVAILABLE.path),
  contribute(counts, setting) {
    const { tokens } = setting;
    const entries = Object.entries(counts);
    const epochs = epochsOf(setting);
    checkDomains(entries, setting);
    if (entries.length === 0 || epochs === undefined) return {};
    if (tokens === undefined)
      throw new InputError(
        `${option(AVAILABLE.path)} limits tokens, so the tokens of the run must be known. Give them with ${option("tokens")}.`,
        { option: "tokens" },
      );
    return {
      limits: entries.map(([domain, count]) => {
        if (!(count >= 0 && Number.isFinite(count)))
          throw new InputError(
            `${option(AVAILABLE.path)} gives "${domain}" ${count} tokens; it must be a number of at least 0.`,
            { option: AVAILABLE.path },
          );
        return {
          name: `${AVAILABLE.name} ${domain}: ${epochs} epochs of ${compact(count)} tokens`,
          coefficients: rowOf(AVAILABLE, domain, setting),
          min: -Infinity,
          max: (epochs * count) / tokens,
          // One more epoch is count/D more of the share.
          price: (multiplier: number) => ({
            perPercent: 0.01 * multiplier,
            perEpoch: (multiplier * count) / tokens,
          }),
        };
      }),
    };
  },
  withScale: "closes",
  moreRoom: () => "one more percent",
};

function epochsFrom(text: string): number {
  const epochs = toNumber(text);
  if (epochs !== undefined && epochs > 0) return epochs;
  throw new InputError(
    `${option(MAX_EPOCHS.path)} is ${JSON.stringify(text)}; it must be a positive number`,
    { option: MAX_EPOCHS.path },
  );
}

/** Says how `available` is meant; demands nothing itself. */
export const maxEpochs: KindOf<MaxEpochs> = {
  name: MAX_EPOCHS.name,
  key: "maxEpochs",
  flag: {
    name: "--max-epochs",
    metavar: "<E>",
    help: `passes over the available tokens (default: ${EPOCHS}; none with laws that know of repetition)`,
    repeats: false,
    parse: ([text = ""]) => epochsFrom(text),
    check: (text) => void epochsFrom(text),
  },
  schema: aNumber,
  merge: sayOnce(MAX_EPOCHS.path),
  checkTogether(request) {
    if (request["available"] === undefined)
      throw new InputError(
        `${option(MAX_EPOCHS.path)} needs to know what there is: give ${option(AVAILABLE.path)}`,
        { option: MAX_EPOCHS.path },
      );
  },
  contribute: () => ({}),
  moreRoom: () => "one more epoch",
};
