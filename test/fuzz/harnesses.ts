/**
 * All harnesses, in groups that are loaded when they are needed: those of fits fit something first.
 */
import type { Harness } from "./harness.ts";

export const GROUPS = {
  /** Readers of tables, filters, globs. */
  tables: async () => (await import("./harnesses/tables.ts")).HARNESSES,
  /** Formulas, law files, constraints, numbers, lists, values of flags. */
  texts: async () => (await import("./harnesses/texts.ts")).HARNESSES,
  /** Fit files and optimum files. */
  files: async () => (await import("./harnesses/files.ts")).HARNESSES,
  /** Files of every kind, one leaf changed. */
  leaves: async () => (await import("./harnesses/leaves.ts")).HARNESSES,
  /** Options objects of the library. */
  options: async () => (await import("./harnesses/options.ts")).HARNESSES,
  /** Extremes of data through a fit. */
  extremes: async () => (await import("./harnesses/extremes.ts")).HARNESSES,
  /** The command itself, with hostile flags and files. */
  commands: async () => (await import("./harnesses/spawned.ts")).HARNESSES,
} as const satisfies Readonly<Record<string, () => Promise<readonly Harness[]>>>;

/** The name of a group. */
export type Group = keyof typeof GROUPS;

export const GROUP_NAMES = Object.keys(GROUPS) as readonly Group[];
