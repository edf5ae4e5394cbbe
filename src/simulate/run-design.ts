/** Which runs a simulation has. */
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";

/** Which runs are trained: every mixture at every size, with a row for each checkpoint. */
export interface Design {
  readonly domains: readonly string[];
  /** Loss columns, "loss_web". */
  readonly targets: readonly string[];
  /** Parameter counts. */
  readonly sizes: readonly number[];
  /**
   * Token counts of the checkpoints, the same at every size; or so many, evenly spaced, up to
   * `perParam` tokens a parameter.
   */
  readonly tokens: readonly number[] | { readonly perParam: number; readonly checkpoints: number };
  /**
   * How many; the first has equal shares, the others are drawn. A law without a mixture has one.
   */
  readonly mixtures: number;
  /**
   * Values of the law's other inputs; each run is there for every combination. Default: what the
   * law says is typical.
   */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
}

const MOST_ROWS = 1e6;

/** @throws InputError for a design that cannot be used. */
export function checkDesign({ domains, targets, sizes, tokens, mixtures }: Design): void {
  const fail = (path: string, problem: string): never => {
    throw new InputError(`${option(path)}: ${problem}`, { option: path });
  };
  const names = (path: string, list: readonly string[]): void => {
    const odd = list.find((name) => !/^[\p{L}\p{N}_.-]+$/u.test(name));
    if (odd !== undefined)
      fail(
        path,
        `${JSON.stringify(odd)} is no name for a column: use letters, digits, "_", "-" and "."`,
      );
    const twice = list.find((name, i) => list.indexOf(name) !== i);
    if (twice !== undefined) fail(path, `${JSON.stringify(twice)} is named twice`);
  };
  const counts = (path: string, list: readonly number[]): void => {
    const odd = list.find((value) => !(value > 0 && Number.isFinite(value)));
    if (odd !== undefined || list.length === 0)
      fail(path, `${odd ?? "nothing"} is no count: each must be a number above 0, such as 20e6`);
  };
  names("domains", domains);
  names("targets", targets);
  if (targets.length === 0) fail("targets", "there must be at least one");
  if (domains.length > 64) fail("domains", `${domains.length} domains; a mixture has at most 64`);
  counts("sizes", sizes);
  if ("perParam" in tokens) {
    counts("tokens.perParam", [tokens.perParam]);
    if (!(Number.isInteger(tokens.checkpoints) && tokens.checkpoints >= 1))
      fail("tokens.checkpoints", "must be a whole number, 1 or more");
  } else counts("tokens", tokens);
  if (!(Number.isInteger(mixtures) && mixtures >= 1))
    fail("mixtures", "must be a whole number, 1 or more");
  const rows =
    mixtures * sizes.length * ("perParam" in tokens ? tokens.checkpoints : tokens.length);
  if (rows > MOST_ROWS)
    fail("mixtures", `the design has ${rows} rows; at most ${MOST_ROWS} are simulated`);
}
