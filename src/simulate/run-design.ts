/** Which runs a simulation has. */
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import { checkListedCounts } from "../options/count-units.ts";
import { checkLimit, LIMITS } from "../options/limits.ts";
import { checkPhases, type SimulatedPhases } from "./simulated-phases.ts";

/** Which runs are trained: every mixture at every size, with a row for each checkpoint. */
export interface Design {
  readonly domains: readonly string[];
  /** Loss columns, "loss_web". */
  readonly targets: readonly string[];
  /** Parameter counts. */
  readonly sizes: readonly number[];
  /**
   * "absolute" takes sizes below 1e4 and tokens below 1e6 as they are, and does not refuse them.
   */
  readonly units?: "absolute";
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
  /**
   * Unique tokens of each domain, for laws that read the supply. Default: drawn, so that a run with
   * equal shares and the most tokens passes 1 to 16 times over each domain.
   */
  readonly available?: Readonly<Record<string, number>>;
  /**
   * Phases of the runs, in their order, and the part of the tokens that each has: { main: 0.8,
   * anneal: "rest" }. Each has mixtures of its own, and each row is a run of its own. Default: one
   * mixture for all of a run.
   */
  readonly phases?: SimulatedPhases;
}

/** @throws InputError for a design that cannot be used. */
export function checkDesign(design: Design): void {
  const { domains, targets, sizes, units, tokens, mixtures, inputs, available, phases } = design;
  checkNames("domains", domains);
  checkNames("targets", targets);
  if (targets.length === 0) throw unfit("targets", "there must be at least one");
  if (domains.length > LIMITS.domains.most)
    throw unfit(
      "domains",
      `${domains.length} domains; a mixture has at most ${LIMITS.domains.most}`,
    );
  if (phases !== undefined) {
    checkNames("phases", Object.keys(phases));
    checkPhases(phases, domains);
  }
  checkCounts("sizes", sizes);
  checkListedCounts("sizes", "params", sizes, units);
  if ("perParam" in tokens) {
    checkCounts("tokens.perParam", [tokens.perParam]);
    checkWhole("tokens.checkpoints", tokens.checkpoints);
  } else {
    checkCounts("tokens", tokens);
    checkListedCounts("tokens", "tokens", tokens, units);
  }
  checkWhole("mixtures", mixtures);
  if (available !== undefined) checkAvailable(available, domains);
  const checkpoints = "perParam" in tokens ? tokens.checkpoints : tokens.length;
  const others = Object.values(inputs ?? {}).reduce((product, { length }) => product * length, 1);
  checkLimit("targets", targets.length, {
    what: `${option("targets")}: the design`,
    remedy: `name fewer ${option("targets")}`,
    where: { option: "targets" },
  });
  checkLimit("simulatedRows", mixtures * sizes.length * checkpoints * others, {
    what: `${option("mixtures")}: the design`,
    remedy: `ask for fewer ${option("mixtures")}, sizes or checkpoints`,
    where: { option: "mixtures" },
  });
}

function checkAvailable(
  available: NonNullable<Design["available"]>,
  domains: readonly string[],
): void {
  const missing = domains.find((domain) => !Object.hasOwn(available, domain));
  if (missing !== undefined)
    throw unfit("available", `there are no tokens of the domain "${missing}"`);
  const odd = Object.keys(available).find((domain) => !domains.includes(domain));
  if (odd !== undefined) throw unfit("available", `there is no domain "${odd}"`);
  checkCounts("available", Object.values(available));
}

const unfit = (path: string, problem: string): InputError =>
  new InputError(`${option(path)}: ${problem}`, { option: path });

function checkNames(path: string, names: readonly string[]): void {
  const bad = names.find((name) => !/^[\p{L}\p{N}_.-]+$/u.test(name));
  if (bad !== undefined)
    throw unfit(
      path,
      `${JSON.stringify(bad)} is no name for a column: use letters, digits, "_", "-" and "."`,
    );
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw unfit(path, `${JSON.stringify(repeated)} is named twice`);
}

function checkCounts(path: string, counts: readonly number[]): void {
  const bad = counts.find((count) => !(count > 0 && Number.isFinite(count)));
  if (bad === undefined && counts.length > 0) return;
  const found = bad ?? "nothing";
  throw unfit(path, `${found} is no count: each must be a number above 0, such as 20e6`);
}

function checkWhole(path: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1))
    throw unfit(path, "must be a whole number, 1 or more");
}
