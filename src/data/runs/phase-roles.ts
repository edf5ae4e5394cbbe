/** Where the phases of runs are: the shares of each in columns of its own, and its part of D. */
import { InputError } from "../../base/errors.ts";
import { itemAt } from "../../base/known.ts";
import { option } from "../../base/option-text.ts";
import { count, shorten } from "../../base/wording.ts";
import { LIMITS } from "../../options/limits.ts";
import { cellOf, fractionOf, REST, restAfter } from "../../options/phases.ts";
import { printable } from "../../options/printable.ts";
import { type Column, isMissing, numberAt, sourceColumn, type Table } from "../table/cells.ts";
import { columnOf, pickColumns } from "../table/columns.ts";
import type { InputRole, PhaseRoles, Roles } from "./roles.ts";
import type { RunsOptions } from "./runs-options.ts";
import { constantColumn } from "./supply-roles.ts";

/** Roles of runs with phases. */
type PhasedRoles = Required<Pick<Roles, "weights" | "phases">>;

/**
 * The columns of each phase: `h0_web` is the share of web in the phase h0. Undefined where there
 * are no phases, or no shares are needed.
 *
 * @throws InputError for a phase without columns, phases of different domains, and parts of the
 *   tokens that cannot be.
 */
export function resolvePhases(table: Table, options: RunsOptions): PhasedRoles | undefined {
  const { phases, weights, need } = options;
  if (phases === undefined || need?.weights === false) return undefined;
  if (weights !== undefined)
    throw wrong(`and ${option("weights")} both say which columns hold the shares: give one`);
  const names = Object.keys(phases);
  if (names.length < 2) throw wrong(`names ${count(names.length, "phase")}: there are two or more`);
  const columns = names.map((phase) => columnsOf(table, phase));
  const domains = [...itemAt(columns, 0).keys()];
  for (const [p, phase] of names.entries()) checkDomains(table, domains, phase, itemAt(columns, p));
  if (domains.length * names.length > LIMITS.domains.most)
    throw wrong(
      `and ${count(domains.length, "domain")} make ${domains.length * names.length} shares of a run, and there are at most ${LIMITS.domains.most}: take fewer domains`,
    );
  return {
    weights: names.flatMap((phase, p) =>
      domains.map((domain) => ({
        domain: cellOf(phase, domain),
        column: itemAt(columns, p).get(domain) as Column,
      })),
    ),
    phases: { names, domains, fractions: fractionsOf(table, phases) },
  };
}

/** The inputs that are the phases' parts of the tokens. */
export const fractionInputs = ({ names, fractions }: PhaseRoles): InputRole[] =>
  names.map((phase, p) => ({
    name: fractionOf(phase),
    column: itemAt(fractions, p),
    positive: false,
    unit: 1,
  }));

/** The columns of a phase by domain. */
function columnsOf(table: Table, phase: string): Map<string, Column> {
  const picks = pickColumns(table, `${phase}_*`, "phases");
  return new Map(picks.map(({ column, stem }) => [printable(stem), column]));
}

/** Throws an InputError for a phase that lacks a domain, or has one that the first one lacks. */
function checkDomains(
  table: Table,
  domains: readonly string[],
  phase: string,
  columns: ReadonlyMap<string, Column>,
): void {
  const missing = domains.filter((domain) => !columns.has(domain));
  const more = [...columns.keys()].filter((domain) => !domains.includes(domain));
  if (missing.length + more.length === 0) return;
  const which = missing.length > 0 ? "has no column of" : "alone has columns of";
  const named = shorten(missing.length > 0 ? missing : more, 4);
  throw wrong(
    `names ${phase} as a phase, which ${which} ${named} in ${table.source}; each phase needs a column for each domain (0 is allowed), ${phase}_NAME`,
  );
}

/** The phases' parts of the tokens as columns. */
function fractionsOf(table: Table, phases: NonNullable<RunsOptions["phases"]>): Column[] {
  const entries = Object.entries(phases);
  const given = entries.map(([phase, part]) => {
    if (part === REST) return undefined;
    return typeof part === "number"
      ? constantColumn(fractionOf(phase), part, table.rows)
      : columnOf(table, part, "phases");
  });
  const others = given.flatMap((column) => column ?? []);
  if (others.length < given.length - 1) throw wrong(`says "${REST}" of more than one phase`);
  return given.map((column, p) => column ?? restOf(table, itemAt(entries, p)[0], others));
}

/** What other columns leave of 1. */
function restOf(table: Table, phase: string, others: readonly Column[]): Column {
  const restAt = (row: number): number | undefined => {
    const parts = others.flatMap((column) => numberAt(column, row) ?? []);
    return parts.length < others.length ? undefined : restAfter(parts);
  };
  return sourceColumn(fractionOf(phase), {
    rows: table.rows,
    cellAt: (row) => restAt(row) ?? null,
    isMissing: (row) => others.some((column) => isMissing(column, row)),
    numberAt: restAt,
  });
}

const wrong = (problem: string): InputError =>
  new InputError(`${option("phases")} ${problem}`, { option: "phases" });
