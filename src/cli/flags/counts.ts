/** Counts as people write them. */
import { InputError } from "../../base/errors.ts";
import { toScaled } from "../../syntax/number.ts";

/** 7e9, 7B, 1.5T → a positive number; `undefined` for what is none. */
export function toCount(text: string): number | undefined {
  const trimmed = text.trim();
  const count = trimmed.endsWith("%") ? undefined : toScaled(trimmed.replace(/^\+/, ""));
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
      );
    return value;
  };
