/** `--path`: where along the scale the optimum is wanted. */
import { checkLimit, LIMITS } from "../../../options/limits.ts";
import { either } from "../../../base/kinds.ts";
import { itemAt } from "../../../base/known.ts";
import { InputError } from "../../../base/errors.ts";
import type { Stop } from "../../../mixture/path.ts";
import { toCount } from "../counts.ts";
import { repeated, words } from "../values.ts";

/** What a path can name. */
const SCALES = ["params", "tokens", "flops"] as const;

/** What the `--path` flags say, before it is known which of N and D the laws use. */
export interface Route {
  readonly params?: readonly number[];
  readonly tokens?: readonly number[];
  /** Tokens a parameter. */
  readonly ratio?: number;
  readonly flops?: readonly number[];
}

const FLAG = "--path";
const HOW =
  "such as tokens=1e9,1e10, params=1e8:1e10:5 (from:to:count), tokens=20x (a parameter) or flops=1e20:1e24:5";
const wrong = (text: string, problem: string): InputError =>
  new InputError(`${FLAG} ${text}: ${problem}; write paths ${HOW}`);

/**
 * Collects `--path`, which may be given several times or hold several parts with ";" between them.
 */
export const route = repeated<Route>((text, before = {}) =>
  text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .reduce(withPart, before),
);

/** The route with one more part, "params=1e8:1e10:5". */
function withPart(sofar: Route, part: string): Route {
  const at = part.indexOf("=");
  const name = SCALES.find((scale) => scale === part.slice(0, Math.max(at, 0)).trim());
  const values = part.slice(at + 1).trim();
  if (name === undefined)
    throw wrong(part, `it must begin with ${either(SCALES.map((scale) => `${scale}=`))}`);
  const ratio = /^(.+)x$/.exec(values);
  if (sofar[name] !== undefined || (name === "tokens" && sofar.ratio !== undefined))
    throw wrong(part, `${name} is given twice`);
  if (ratio === null) return { ...sofar, [name]: countsFrom(part, values) };
  const value = toCount(itemAt(ratio, 1));
  if (name !== "tokens" || value === undefined)
    throw wrong(part, `"${values}" is no ratio of tokens to parameters`);
  return { ...sofar, ratio: value };
}

/** "1e9,1e10" or "1e8:1e10:5", log-spaced; `part` is for messages. */
function countsFrom(part: string, text: string): number[] {
  const count = (word: string): number => {
    const value = toCount(word);
    if (value === undefined) throw wrong(part, `"${word}" is no positive number`);
    return value;
  };
  if (!text.includes(":")) {
    const list = words(text).map(count);
    if (list.length === 0) throw wrong(part, "there is no number");
    checkStops(list.length);
    return list;
  }
  const [from = NaN, to = NaN, ...rest] = text
    .split(":")
    .map((word, i) => (i < 2 ? count(word) : Number(word)));
  const [points = NaN] = rest;
  if (
    rest.length !== 1 ||
    !Number.isInteger(points) ||
    points < 2 ||
    points > LIMITS.pathStops.most
  )
    throw wrong(part, `a range is from:to:count, with a count from 2 to ${LIMITS.pathStops.most}`);
  // Ten digits: 1e8:1e10:3 has 1e9 in the middle, and not 999999999.9999998.
  return Array.from({ length: points }, (_, i) =>
    Number((from * (to / from) ** (i / (points - 1))).toPrecision(10)),
  );
}

const checkStops = (count: number): void =>
  checkLimit("pathStops", count, { what: FLAG, remedy: "name fewer values" });

/** Which of N and D the laws use. */
export interface Uses {
  readonly params: boolean;
  readonly tokens: boolean;
}

/**
 * The stops of a route, in the order of its lists. N and D that it does not name are those of
 * --params and --tokens. Throws InputError where N and D do not follow, or in two ways.
 */
export function stopsOf(
  { ratio, flops, ...lists }: Route,
  fixed: { readonly params?: number; readonly tokens?: number },
  uses: Uses,
): Stop[] {
  const params = lists.params ?? (fixed.params === undefined ? undefined : [fixed.params]);
  const tokens = lists.tokens ?? (fixed.tokens === undefined ? undefined : [fixed.tokens]);
  if (flops !== undefined) checkStops(flops.length * Math.max(1, (params ?? []).length));
  if (flops !== undefined)
    return flops.flatMap((compute) => stopsAt(compute, { ratio, params, tokens }));
  if (ratio !== undefined) {
    if (params === undefined)
      throw new InputError(
        `${FLAG} tokens=${ratio}x needs parameters: give --path params=… or --params N`,
      );
    return params.map((n) => ({ params: n, tokens: ratio * n }));
  }
  checkStops((params ?? []).length * (tokens ?? []).length);
  const missing = (["params", "tokens"] as const).find(
    (name) => uses[name] && { params, tokens }[name] === undefined,
  );
  if (missing !== undefined)
    throw new InputError(
      `the laws need the ${missing} too: give --${missing}, or --path ${missing}=…`,
    );
  return (params ?? [null]).flatMap((n) =>
    (tokens ?? [null]).map((d) => ({ params: n, tokens: d })),
  );
}

/** The stops at a compute C = 6ND: by a ratio, by N, by D, or where both are chosen. */
function stopsAt(
  compute: number,
  {
    ratio,
    params,
    tokens,
  }: Readonly<Record<"params" | "tokens", readonly number[] | undefined>> & {
    readonly ratio: number | undefined;
  },
): Stop[] {
  if ([ratio ?? tokens, params].every((given) => given !== undefined))
    throw new InputError(
      `${FLAG} flops=…: N and D follow from the compute and one of params, tokens or tokens=20x; more than one is given`,
    );
  // D = rN at 6rN² = C.
  if (ratio !== undefined)
    return [{ params: Math.sqrt(compute / (6 * ratio)), tokens: Math.sqrt((compute * ratio) / 6) }];
  if (params !== undefined) return params.map((n) => ({ params: n, tokens: compute / (6 * n) }));
  if (tokens !== undefined) return tokens.map((d) => ({ params: compute / (6 * d), tokens: d }));
  return [{ flops: compute }];
}
