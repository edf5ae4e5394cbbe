/**
 * Caps from the tokens there are: `--available` with `--max-epochs` e demands hᵢ·D ≤ e·tokensᵢ, so
 * that no domain is repeated more than e times.
 */
import * as v from "valibot";
import { InputError } from "../../../base/errors.ts";
import { compact } from "../../../base/format-number.ts";
import { toNumber } from "../../../data/table/cells.ts";
import { domainIndex, type KindOf, sayOnce, type Setting, shareOfDomain } from "./kind.ts";

export interface AvailableTokens {
  /** Unique tokens there are, by domain. With `maxEpochs` e: hᵢ·D ≤ e·tokensᵢ. */
  readonly available?: Readonly<Record<string, number>>;
}

export interface MaxEpochs {
  /** Passes over the available tokens. Default 4 where `available` is given. */
  readonly maxEpochs?: number;
}

const EPOCHS = 4;
const AVAILABLE = { name: "available", flag: "--available" } as const;
const MAX_EPOCHS = { name: "max-epochs", flag: "--max-epochs" } as const;

function epochsOf({ request }: Setting): number {
  const epochs = (request as MaxEpochs).maxEpochs ?? EPOCHS;
  if (!(epochs > 0 && Number.isFinite(epochs)))
    throw new InputError(`${MAX_EPOCHS.flag} is ${epochs}; it must be a positive number.`, {
      flag: MAX_EPOCHS.flag,
    });
  return epochs;
}

export const available: KindOf<AvailableTokens> = {
  name: AVAILABLE.name,
  key: "available",
  flag: {
    name: AVAILABLE.flag,
    metavar: "<FILE>",
    help: "table of the unique tokens there are by domain: caps of --max-epochs passes at D",
    repeats: false,
    parse: ([text = ""], reader) => reader.tokens(text),
  },
  schema: v.record(v.string(), v.number()),
  merge: sayOnce(AVAILABLE.flag),
  contribute(counts, setting) {
    const { domains, tokens } = setting;
    const entries = Object.entries(counts);
    if (entries.length === 0) return {};
    if (tokens === undefined)
      throw new InputError(
        `${AVAILABLE.flag} limits tokens, so the tokens of the run must be known. Give them with --tokens.`,
        { flag: "--tokens" },
      );
    const epochs = epochsOf(setting);
    return {
      limits: entries.map(([domain, count]) => {
        if (!(count >= 0 && Number.isFinite(count)))
          throw new InputError(
            `${AVAILABLE.flag} gives "${domain}" ${count} tokens; it must be a number of at least 0.`,
            { flag: AVAILABLE.flag },
          );
        return {
          name: `${AVAILABLE.name} ${domain}: ${epochs} epochs of ${compact(count)} tokens`,
          coefficients: shareOfDomain(domainIndex(AVAILABLE, domain, domains), domains),
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
  moreRoom: () => "one more percent",
};

/** Says how `available` is meant; demands nothing itself. */
export const maxEpochs: KindOf<MaxEpochs> = {
  name: MAX_EPOCHS.name,
  key: "maxEpochs",
  flag: {
    name: MAX_EPOCHS.flag,
    metavar: "<E>",
    help: `passes over the available tokens (default: ${EPOCHS})`,
    repeats: false,
    parse([text = ""]) {
      const epochs = toNumber(text);
      if (epochs === undefined || !(epochs > 0))
        throw new InputError(
          `${MAX_EPOCHS.flag} is ${JSON.stringify(text)}; it must be a positive number`,
          { flag: MAX_EPOCHS.flag },
        );
      return epochs;
    },
  },
  schema: v.number(),
  merge: sayOnce(MAX_EPOCHS.flag),
  contribute(_, { request }) {
    if (request["available"] === undefined)
      throw new InputError(
        `${MAX_EPOCHS.flag} needs to know what there is: give ${AVAILABLE.flag}`,
        { flag: MAX_EPOCHS.flag },
      );
    return {};
  },
  moreRoom: () => "one more epoch",
};
