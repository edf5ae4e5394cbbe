/** `--path`: where along the scale the optimum is wanted. */
import { itemAt } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import type { Stop } from "../../mixture/path.ts";
import { toCount } from "./counts.ts";
import { words } from "./values.ts";

/** What the `--path` flags say, before it is known which of N and D the laws use. */
export interface Route {
  readonly params?: readonly number[];
  readonly tokens?: readonly number[];
  /** Tokens a parameter. */
  readonly ratio?: number;
  readonly flops?: readonly number[];
}

const flag = "--path";
const MOST = 1000;
const HOW =
  "such as tokens=1e9,1e10, params=1e8:1e10:5 (from:to:count), tokens=20x (a parameter) or flops=1e20:1e24:5";
const wrong = (text: string, problem: string): InputError =>
  new InputError(`${flag} ${text}: ${problem}; write paths ${HOW}`);

/**
 * Collects `--path`, which may be given several times or hold several parts with ";" between them.
 */
export function route(text: string, before: Route = {}): Route {
  return text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .reduce((sofar: Route, part) => {
      const at = part.indexOf("=");
      const [name, what] = [part.slice(0, at).trim(), part.slice(at + 1).trim()];
      if (at < 0 || (name !== "params" && name !== "tokens" && name !== "flops"))
        throw wrong(part, "it must begin with params=, tokens= or flops=");
      const ratio = /^(.+)x$/.exec(what);
      if (sofar[name] !== undefined || (name === "tokens" && sofar.ratio !== undefined))
        throw wrong(part, `${name} is given twice`);
      if (ratio === null) return { ...sofar, [name]: counts(part, what) };
      const value = toCount(itemAt(ratio, 1));
      if (name !== "tokens" || value === undefined)
        throw wrong(part, `"${what}" is no ratio of tokens to parameters`);
      return { ...sofar, ratio: value };
    }, before);
}

/** "1e9,1e10" or "1e8:1e10:5", log-spaced. */
function counts(part: string, what: string): number[] {
  const read = (text: string): number => {
    const value = toCount(text);
    if (value === undefined) throw wrong(part, `"${text}" is no positive number`);
    return value;
  };
  if (!what.includes(":")) {
    const list = words(what).map(read);
    if (list.length === 0) throw wrong(part, "there is no number");
    return list;
  }
  const [from = NaN, to = NaN, ...rest] = what
    .split(":")
    .map((text, i) => (i < 2 ? read(text) : Number(text)));
  const [count = NaN] = rest;
  if (rest.length !== 1 || !Number.isInteger(count) || count < 2 || count > MOST)
    throw wrong(part, `a range is from:to:count, with a count from 2 to ${MOST}`);
  // Ten digits: 1e8:1e10:3 has 1e9 in the middle, and not 999999999.9999998.
  return Array.from({ length: count }, (_, i) =>
    Number((from * (to / from) ** (i / (count - 1))).toPrecision(10)),
  );
}

export interface Uses {
  readonly params: boolean;
  readonly tokens: boolean;
}

/**
 * The stops of a route, in the order of its lists. N and D that it does not name are those of
 * --params and --tokens.
 */
export function stopsOf(
  way: Route,
  fixed: { readonly params?: number; readonly tokens?: number },
  uses: Uses,
): Stop[] {
  const { ratio, flops } = way;
  const params = way.params ?? (fixed.params === undefined ? undefined : [fixed.params]);
  const tokens = way.tokens ?? (fixed.tokens === undefined ? undefined : [fixed.tokens]);
  if (flops !== undefined) {
    if (ratio !== undefined && params !== undefined) throw tooMuch();
    // D = rN at 6rN² = C.
    if (ratio !== undefined)
      return flops.map((c) => ({
        params: Math.sqrt(c / (6 * ratio)),
        tokens: Math.sqrt((c * ratio) / 6),
      }));
    if (params !== undefined && tokens !== undefined) throw tooMuch();
    if (params !== undefined)
      return flops.flatMap((c) => params.map((n) => ({ params: n, tokens: c / (6 * n) })));
    if (tokens !== undefined)
      return flops.flatMap((c) => tokens.map((d) => ({ params: c / (6 * d), tokens: d })));
    return flops.map((c) => ({ flops: c }));
  }
  if (ratio !== undefined) {
    if (params === undefined)
      throw new InputError(
        `${flag} tokens=${ratio}x needs parameters: give --path params=… or --params N`,
      );
    return params.map((n) => ({ params: n, tokens: ratio * n }));
  }
  const missing = (["params", "tokens"] as const).find(
    (name) => uses[name] && (name === "params" ? params : tokens) === undefined,
  );
  if (missing !== undefined)
    throw new InputError(
      `the laws need the ${missing} too: give --${missing}, or --path ${missing}=…`,
    );
  return (params ?? [null]).flatMap((n) =>
    (tokens ?? [null]).map((d) => ({ params: n, tokens: d })),
  );
}

const tooMuch = (): InputError =>
  new InputError(
    `${flag} flops=…: N and D follow from the compute and one of params, tokens or tokens=20x; more than one is given`,
  );
