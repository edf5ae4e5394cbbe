/**
 * Phases: a run's tokens in parts, one after the other, each with a mixture of its own. Mixtures of
 * such runs are shares of cells, a domain in a phase: what part of all tokens of the run it is,
 * f·hᵢ of a phase with the part f of the tokens and the share hᵢ. So the shares of all cells sum
 * to 1, as those of domains do, and those of a phase to f: a product of simplices is the simplex
 * of the cells, with one equation for each phase.
 */

/** The phases of runs, and their domains. Cells are in the order of the phases, then domains. */
export interface Phases {
  /** Names of the phases, in their order in time. */
  readonly names: readonly string[];
  /** Names of the domains, the same in each phase. */
  readonly domains: readonly string[];
}

/** Stands for the part of the tokens that the other phases leave. */
export const REST = "rest";

/** Digits of what is left: 1 − 0.8 is 0.2. */
const DIGITS = 15;

/** What the parts of other phases leave of 1. */
export const restAfter = (parts: readonly number[]): number =>
  Number(parts.reduce((rest, part) => rest - part, 1).toPrecision(DIGITS));

/**
 * The name of a domain in a phase.
 *
 * @example cellOf("h0", "web") // "h0/web"
 */
export const cellOf = (phase: string, domain: string): string => `${phase}/${domain}`;

/** The cells of phases, in the order of runs' weights. */
export const cellsOf = ({ names, domains }: Phases): string[] =>
  names.flatMap((phase) => domains.map((domain) => cellOf(phase, domain)));

/**
 * What the input is called that is a phase's part of the tokens. Runs with phases have it.
 *
 * @example fractionOf("h0") // "phase[h0]"
 */
export const fractionOf = (phase: string): string => `phase[${phase}]`;

/** The phase whose part of the tokens an input is; undefined for every other input. */
export const phaseOfFraction = (input: string): string | undefined =>
  /^phase\[(.*)\]$/su.exec(input)?.[1];
