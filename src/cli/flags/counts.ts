/** Counts as people write them. */
import { toNumber } from "../../data/table/cells.ts";
import { InputError } from "../../base/errors.ts";

const LETTERS: Readonly<Record<string, number>> = {
  k: 1e3,
  K: 1e3,
  M: 1e6,
  B: 1e9,
  G: 1e9,
  T: 1e12,
};

/** 7e9, 7B, 1.5T → a positive number; `undefined` for what is none. */
export function toCount(text: string): number | undefined {
  const trimmed = text.trim();
  const unit = LETTERS[trimmed.slice(-1)];
  const value = toNumber(unit === undefined ? trimmed : trimmed.slice(0, -1));
  // "1.5T" is read as 1.5e12, rounded once: 0.3B is 300000000 and not 300000000.00000006.
  const count =
    value === undefined
      ? undefined
      : unit === undefined
        ? value
        : Number(`${value}e${Math.log10(unit)}`);
  return count !== undefined && count > 0 && Number.isFinite(count) ? count : undefined;
}

/** A flag's count. */
export const amount =
  (flag: string, example = "7e9, 7B or 1.5T") =>
  (text: string): number => {
    const value = toCount(text);
    if (value === undefined)
      throw new InputError(
        `${flag} is ${JSON.stringify(text)}; it must be a positive number, such as ${example}`,
        { flag },
      );
    return value;
  };
