/** The phases of simulated runs: their names, their parts of the tokens, and their columns. */
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";
import { LIMITS } from "../options/limits.ts";
import { cellsOf, REST, restAfter, type Phases } from "../options/phases.ts";

/** By phase, in their order: its part of the tokens; "rest" for what the others leave. */
export type SimulatedPhases = Readonly<Record<string, number | string>>;

/** Parts of the tokens sum to 1 but for this. */
const ROUNDING = 1e-9;

/** The phases and their domains; undefined of runs with one mixture. */
export const phasesOf = (
  phases: SimulatedPhases | undefined,
  domains: readonly string[],
): Phases | undefined => phases && { names: Object.keys(phases), domains };

/** What the runs have shares of: the domains, or those of each phase. */
export const sharesOf = (
  phases: SimulatedPhases | undefined,
  domains: readonly string[],
): readonly string[] => {
  const named = phasesOf(phases, domains);
  return named === undefined ? domains : cellsOf(named);
};

/** Each phase's part of the tokens. */
export function partsOf(phases: SimulatedPhases): number[] {
  const given = Object.values(phases);
  const rest = restAfter(given.filter((part) => typeof part === "number"));
  return given.map((part) => (typeof part === "number" ? part : rest));
}

/** @throws InputError for phases that runs of these domains cannot have. */
export function checkPhases(phases: SimulatedPhases, domains: readonly string[]): void {
  const names = Object.keys(phases);
  if (names.length < 2)
    throw wrong(`${names.join()} is one phase: name two or more, such as main=0.8,anneal=${REST}`);
  const given = Object.entries(phases);
  if (given.filter(([, part]) => part === REST).length > 1)
    throw wrong(`says "${REST}" of more than one phase`);
  for (const [name, part] of given)
    if (part !== REST && typeof part !== "number")
      throw wrong(
        `says ${JSON.stringify(part)} of ${name}; a phase's part of the tokens is a number, or "${REST}"`,
      );
  const parts = partsOf(phases);
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (!parts.every((part) => part > 0) || Math.abs(total - 1) > ROUNDING)
    throw wrong(
      `gives the phases ${parts.join(" and ")} of the tokens; they must be above 0 and sum to 1`,
    );
  if (names.length * domains.length > LIMITS.domains.most)
    throw wrong(
      `and ${domains.length} domains make ${names.length * domains.length} shares of a run, and there are at most ${LIMITS.domains.most}: take fewer domains`,
    );
}

/**
 * The columns of the phases' shares, `main_web`.
 *
 * @param others the other columns of the table
 * @throws InputError where a phase's name would take another column for a share.
 */
export function phaseColumns({ names, domains }: Phases, others: readonly string[]): string[] {
  const columns = names.flatMap((name) => domains.map((domain) => `${name}_${domain}`));
  if (new Set(columns).size < columns.length)
    throw wrong(`${names.join()} give two shares one column: choose other names`);
  for (const [p, name] of names.entries()) {
    const own = new Set(columns.slice(p * domains.length, (p + 1) * domains.length));
    const taken = [...columns, ...others].find((column) => column.startsWith(`${name}_`) && !own.has(column)); // prettier-ignore
    if (taken !== undefined)
      throw wrong(
        `has the phase ${name}, and the column ${taken} begins with its name too: choose another name`,
      );
  }
  return columns;
}

const wrong = (problem: string): InputError =>
  new InputError(`${option("phases")} ${problem}`, { option: "phases" });
