/** Counts in requests to a fit file, and in tables for it. */
import { option } from "../../base/option-text.ts";
import {
  checkAskedCounts,
  type CountUnits,
  type GivenCounts,
  isTooFew,
} from "../../options/count-units.ts";
import type { Extent, FitFile } from "./fit-file.ts";

/** The range of each input of the training runs. */
const rangesOf = ({ data: { range } }: FitFile): readonly (readonly [string, Extent | null])[] => [
  ["params", range.params],
  ["tokens", range.tokens],
  ...Object.entries(range.inputs ?? {}),
];

/**
 * The units in which counts for a file are taken: those that are asked for. Where the fit itself
 * was made of counts as small as would be refused, small ones are meant.
 */
export function unitsFor(file: FitFile, asked: CountUnits | undefined): CountUnits {
  if (asked === "absolute" || file.data.units === "absolute") return "absolute";
  const small = rangesOf(file).filter(([name, range]) => range && isTooFew(name, range.min));
  return { ...Object.fromEntries(small.map(([name]) => [name, 1])), ...asked };
}

/** What a request has of counts. */
export interface AskedCounts {
  readonly params?: number | undefined;
  readonly tokens?: number | undefined;
  readonly inputs?: Readonly<Record<string, number>> | undefined;
  readonly constraints?:
    | { readonly available?: Readonly<Record<string, number>> | undefined }
    | undefined;
  readonly units?: "absolute" | undefined;
}

/** Throws the InputError for counts of a request that are too small to be absolute. */
export function checkAsked(file: FitFile, asked: AskedCounts): void {
  const ranges = new Map(rangesOf(file));
  const counts = [
    { input: "params", place: option("params"), value: asked.params },
    { input: "tokens", place: option("tokens"), value: asked.tokens },
    ...Object.entries(asked.inputs ?? {}).map(([input, value]) => ({
      input,
      place: option(`inputs.${input}`),
      value,
    })),
    ...Object.entries(asked.constraints?.available ?? {}).map(([domain, value]) => ({
      input: "tokens",
      place: option(`constraints.available.${domain}`),
      value,
    })),
  ].flatMap(({ input, place, value }): GivenCounts[] =>
    value === undefined || !(value > 0)
      ? []
      : [{ input, place, least: value, most: value, known: ranges.get(input)?.max }],
  );
  checkAskedCounts(counts, unitsFor(file, asked.units));
}
