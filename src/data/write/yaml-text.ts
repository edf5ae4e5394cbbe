/**
 * Plain data as YAML that readers of YAML 1.1 (PyYAML) and 1.2 take alike. In 1.1 `no` is false,
 * `1:30` is 90, `<<` merges maps, and 1e-7 is a text, since a float has a point.
 */

/** A text that no reader takes for anything else. */
const PLAIN = /^[\p{L}_](?:[\p{L}\p{N}_./-]| (?=[\p{L}\p{N}_./-]))*$/u;
/** Words that mean a truth or nothing. */
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
/** What readers refuse in a text unless it is escaped: signs without a picture. */
const UNSEEN = /[\p{C}\u2028\u2029]/gu;

/** Beyond 16 bits in eight digits: PyYAML makes two signs of a surrogate pair. */
function escaped(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return code > 0xffff ? `\\U${digits.padStart(8, "0")}` : `\\u${digits.padStart(4, "0")}`;
}

function textOf(text: string): string {
  if (PLAIN.test(text) && !WORDS.test(text)) return text;
  return JSON.stringify(text).replace(UNSEEN, escaped);
}

function scalar(value: unknown): string {
  if (typeof value === "string") return textOf(value);
  const text = JSON.stringify(value) ?? "null";
  return typeof value === "number" ? text.replace(/^(-?\d+)e/, "$1.0e") : text;
}

/** The parts of a list or an object; undefined for what is neither, or has none. */
function partsOf(value: unknown): (readonly [head: string, part: unknown])[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const parts = Array.isArray(value)
    ? value.map((part: unknown) => ["-", part] as const)
    : Object.entries(value).flatMap(([key, part]: [string, unknown]) =>
        part === undefined ? [] : [[`${textOf(key)}:`, part] as const],
      );
  return parts.length === 0 ? undefined : parts;
}

/** A list or an object without parts. */
const empty = (value: unknown): string | undefined => {
  if (typeof value !== "object" || value === null) return undefined;
  return Array.isArray(value) ? "[]" : "{}";
};

function linesOf(value: unknown, indent: string): string[] {
  return (partsOf(value) ?? []).flatMap(([head, part]) => {
    if (partsOf(part) === undefined) return [`${indent}${head} ${empty(part) ?? scalar(part)}`];
    const [first = "", ...others] = linesOf(part, `${indent}  `);
    // An item of a list begins on the line of its sign.
    return head === "-"
      ? [`${indent}- ${first.trimStart()}`, ...others]
      : [`${indent}${head}`, first, ...others];
  });
}

/**
 * Data as YAML, with the last line end. What is undefined is left out.
 *
 * @example yamlText({ no: 0.25, web: [1, 2] }) // '"no": 0.25\nweb:\n  - 1\n  - 2\n'
 */
export const yamlText = (value: unknown): string =>
  partsOf(value) === undefined
    ? `${empty(value) ?? scalar(value)}\n`
    : `${linesOf(value, "").join("\n")}\n`;
