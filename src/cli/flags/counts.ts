/** Counts as people write them. */
import { given } from "../../base/objects.ts";
import { type CountUnits, unitOf } from "../../options/count-units.ts";
import { InputError } from "../../base/errors.ts";
import { toScaled } from "../../syntax/number.ts";
import { repeated } from "./values.ts";

/** 7e9, 7B, 1.5T → a positive number; `undefined` for what is none. */
export function toCount(text: string): number | undefined {
  const trimmed = text.trim();
  const count = trimmed.endsWith("%") ? undefined : toScaled(trimmed.replace(/^\+/, ""));
  return count !== undefined && count > 0 && Number.isFinite(count) ? count : undefined;
}

/** What `--units` is for, in help. */
export const UNITS_HELP =
  "what one count stands for: params=1e6,tokens=1e9 for N in millions and D in billions; absolute takes any count as it is";

/** `--units`; units of several flags go together, and "absolute" stands for all. */
export const countUnits = repeated<CountUnits>((text, before) => {
  const units = unitsOf(text);
  return typeof units === "object" && typeof before === "object" ? { ...before, ...units } : units;
});

function unitsOf(text: string): CountUnits {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.join() === "absolute") return "absolute";
  const units = parts.map((part): readonly [string, number] => {
    const [, name = "", value = ""] = /^([^=]+)=(.+)$/.exec(part) ?? [];
    const unit = toCount(value);
    if (unit !== undefined) return [name.trim(), unit];
    throw new InputError(
      `--units is ${JSON.stringify(text)}; it must be absolute, or what one count stands for, such as params=1e6,tokens=1e9`,
    );
  });
  return Object.fromEntries(units);
}

/** The inputs of `--units` that a request has counts of, one or a list each. */
export type AskedCounts = Readonly<
  Partial<Record<"params" | "tokens", number | readonly number[] | undefined>>
>;

/** Whether `--units` says that the counts of a request are as they are, however small. */
export function insists(units: CountUnits | undefined, ...asked: readonly AskedCounts[]): boolean {
  if (units === "absolute" || units === undefined) return units !== undefined;
  const names = asked.flatMap(({ params, tokens }) => Object.keys(given({ params, tokens })));
  return names.length > 0 && names.every((name) => units[name] === 1);
}

/** The counts in absolute numbers. */
export function inAbsolute<T extends AskedCounts>(asked: T, units: CountUnits | undefined): T {
  const scaled = (name: "params" | "tokens"): AskedCounts[typeof name] => {
    const [unit, counts] = [unitOf(units, name), asked[name]];
    return typeof counts === "number" ? counts * unit : counts?.map((count) => count * unit);
  };
  return { ...asked, ...given({ params: scaled("params"), tokens: scaled("tokens") }) };
}

/** A flag's count. */
export const amount =
  (flag: string, example = "7e9, 7B or 1.5T") =>
  (text: string): number => {
    const value = toCount(text);
    if (value === undefined)
      throw new InputError(
        `${flag} is ${JSON.stringify(text)}; it must be a positive number, such as ${example}`,
      );
    return value;
  };
