/** From the page's controls to runs and laws. */
import { InputError } from "../../base/errors.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import { toRuns } from "../../data/runs/runs.ts";
import type { RunsOptions } from "../../data/runs/runs-options.ts";
import type { Table } from "../../data/table/cells.ts";
import { CATALOG } from "../../laws/catalog/catalog.ts";
import type { Law } from "../../laws/law.ts";
import { quoted } from "../../syntax/names.ts";
import { droppedWords } from "../../words/fit-remarks.ts";
import type { Choice, LawView, Role } from "../protocol/workshop.ts";

/** The laws chosen unless the visitor says otherwise: the first group of which some suit. */
const USUAL: readonly (readonly string[])[] = [
  ["simple", "additive", "joint"],
  ["chinchilla"],
  ["mixture", "log-linear"],
  ["mixture-tokens", "bimix"],
];

/**
 * The runs that the roles make of the table.
 *
 * @param laws what is needed: only that is read; without them, whatever has a role
 * @throws InputError naming column, row or option.
 */
export function chosenRuns(table: Table, choice: Choice, laws?: readonly Law[]): Runs {
  const named = namesByRole(table, choice.roles);
  const targets = named("target");
  if (targets.length === 0)
    throw new InputError("no column is a loss: give at least one the role “target loss”", {
      option: "targets",
    });
  return toRuns(table, {
    ...inputColumns(named, choice),
    ...sharesOf(table, named("share")),
    targets: listOf(targets),
    ...(choice.where.trim() === "" ? {} : { where: choice.where }),
    ...(choice.test.trim() === "" ? {} : { test: choice.test }),
    need: needOf(choice, named, laws),
  });
}

type Names = (role: Role) => string[];

/** The names of the columns that have a role. */
function namesByRole(table: Table, roles: readonly Role[]): Names {
  const columns = [...table.columns.keys()];
  return (role) => columns.filter((_, c) => roles[c] === role);
}

const listOf = (names: readonly string[]): string => names.map(quoted).join(",");

function inputColumns(named: Names, { roles, units }: Choice): RunsOptions {
  const single = (role: Role): string | undefined => {
    const [first, second] = named(role);
    if (second === undefined) return first;
    throw new InputError(`the columns ${first} and ${second} have the same role, and only one can have it: give the other another role`, { column: second }); // prettier-ignore
  };
  const [params, tokens, group, rowWeights] = (["params", "tokens", "group", "rowWeight"] as const).map(single); // prettier-ignore
  const inputs = [...new Set(roles)]
    .filter((role) => role.startsWith("input:"))
    .map((role) => [role.slice("input:".length), single(role) ?? ""] as const);
  const counts = [["params", params, units.params], ["tokens", tokens, units.tokens]] as const; // prettier-ignore
  const scaled = counts.flatMap(([input, column, unit]) =>
    column === undefined || unit === 1 ? [] : [[input, unit === "absolute" ? 1 : unit]],
  );
  return {
    ...(params === undefined ? {} : { params }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(group === undefined ? {} : { group }),
    ...(rowWeights === undefined ? {} : { rowWeights }),
    ...(inputs.length === 0 ? {} : { inputs: Object.fromEntries(inputs) }),
    ...(scaled.length === 0 ? {} : { units: Object.fromEntries(scaled) as Record<string, number> }),
  };
}

/** Shares that begin alike are named by what follows: of share_web and share_code, web and code. */
function sharesOf(table: Table, shares: readonly string[]): Pick<RunsOptions, "weights"> {
  if (shares.length === 0) return {};
  const stem = /^[^_.:/ *?,!-]+[_.:/ -]/.exec(shares[0] ?? "")?.[0] ?? "";
  const alike = [...table.columns.keys()].filter((name) => name.startsWith(stem));
  const isGlob = stem !== "" && alike.length === shares.length && alike.every((name) => shares.includes(name) && name.length > stem.length); // prettier-ignore
  return { weights: isGlob ? `${stem}*` : listOf(shares) };
}

function needOf(
  { roles }: Choice,
  named: Names,
  laws: readonly Law[] | undefined,
): NonNullable<RunsOptions["need"]> {
  const uses = laws?.map((law) => law.uses);
  const has = (role: Role): boolean => named(role).length > 0;
  const needs = (role: "params" | "tokens" | "weights"): boolean =>
    uses?.some((use) => use[role]) ?? has(role === "weights" ? "share" : role);
  const others = roles.flatMap((role) => role.startsWith("input:") ? [role.slice("input:".length)] : []); // prettier-ignore
  return {
    params: needs("params"),
    tokens: needs("tokens"),
    weights: needs("weights"),
    inputs: uses?.flatMap(({ inputs = [] }) => inputs.map(({ name }) => name)) ?? others,
    supply: uses?.some(({ supply }) => supply === true),
  };
}

/** The laws of the catalog that are named. @throws InputError where there is none. */
export function lawsNamed(names: readonly string[]): Law[] {
  const laws = names.flatMap((name) => CATALOG.get(name) ?? []);
  if (laws.length === 0)
    throw new InputError("no law is chosen: tick at least one", { option: "laws" });
  return laws;
}

/** The catalog, with what the roles lack for each law. `runs`: what they make of the table. */
export function lawViews({ roles }: Choice, runs?: Runs): LawView[] {
  const shares = roles.filter((role) => role === "share").length;
  const lacksOf = ({ uses }: Law): string => {
    const lacks = [
      ...(uses.params && !roles.includes("params") ? ["parameters N"] : []),
      ...(uses.tokens && !roles.includes("tokens") ? ["tokens D"] : []),
      ...(uses.weights && shares < 2 ? ["shares of two domains or more"] : []),
      ...(uses.inputs ?? []).flatMap(({ name }) => (roles.includes(`input:${name}`) ? [] : [name])),
    ];
    return lacks.join(", ");
  };
  const isUseful = (law: Law): boolean => lacksOf(law) === "" && tellsOf(law, runs);
  const all = [...CATALOG.values()];
  const usual = USUAL.find((names) => all.some((law) => names.includes(law.name) && isUseful(law))) ?? []; // prettier-ignore
  return all.map((law) => ({
    name: law.name,
    equation: law.equation,
    about: law.about,
    lacks: lacksOf(law),
    isUsual: usual.includes(law.name) && isUseful(law),
  }));
}

/** Whether the sizes that a law reads vary in the runs: of one size they tell nothing of it. */
function tellsOf({ uses }: Law, runs: Runs | undefined): boolean {
  const varies = (name: "params" | "tokens"): boolean => {
    const [first, ...others] = runs?.train.inputs[name] ?? [];
    return first === undefined || others.some((value) => value !== first);
  };
  return (!uses.params || varies("params")) && (!uses.tokens || varies("tokens"));
}

/** What happened to the rows, in sentences. */
export const rowNotes = ({ dropped, notes }: Runs): string[] => [
  ...droppedWords(dropped),
  ...notes,
];
