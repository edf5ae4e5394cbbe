/**
 * What `mixlaw optimize` asks of the library: one optimum, those along a path, or that of a
 * compute.
 */
import type { OptimizeOptions, Optimum } from "../../mixture/request/optimum.ts";
import { optimizeCompute, optimizeLimit, optimizePath } from "../../mixture/path.ts";
import { isOptimumScaleFree } from "../../mixture/scale-free.ts";
import { AbortedError, type FitFile, InputError, lawIn } from "../../node.ts";
import type { Answer } from "../print/optimum/format-optimum.ts";
import { type Route, stopsOf } from "./path-flag.ts";
import type { Trail } from "../print/optimum/path-table.ts";

type Law = OptimizeOptions["law"];

/** The flags that say where the optimum is wanted, and by which laws. */
export interface Scale {
  readonly params?: number;
  readonly tokens?: number;
  readonly flops?: number;
  readonly path?: Route;
  readonly law?: string | Readonly<Record<string, string>>;
}

/** The optimum, or those along a path; undefined when nothing was found before an interruption. */
export async function find(
  file: FitFile,
  flags: Scale,
  options: OptimizeOptions,
  solve: (options: OptimizeOptions) => Promise<Optimum>,
): Promise<Answer | undefined> {
  try {
    if (flags.path !== undefined) {
      const rows = await optimizePath(
        file,
        solve,
        options,
        stopsOf(flags.path, flags, usesOf(file, flags.law)),
      );
      if (rows.length === 0) return undefined;
      const available = options.constraints?.available !== undefined;
      const still = isOptimumScaleFree(file, rows[0].optimum, options);
      const stopped = options.signal?.aborted === true;
      const limit =
        still || available || stopped
          ? null
          : await optimizeLimit(solve, { ...options, samples: 0 });
      return { kind: "path", trail: { rows, limit, still } satisfies Trail };
    }
    if (flags.flops === undefined) return { kind: "one", optimum: await solve(options) };
    const uses = usesOf(file, flags.law);
    if (!uses.params || !uses.tokens) {
      const problem =
        "--flops chooses N and D, and these laws do not use both: give --params or --tokens, or fit a law that has both";
      throw new InputError(problem);
    }
    const row = await optimizeCompute(file, solve, options, flags.flops);
    return { kind: "one", optimum: row.optimum, row };
  } catch (error) {
    if (!(error instanceof AbortedError)) throw error;
    return error.partial === undefined
      ? undefined
      : { kind: "one", optimum: error.partial as Optimum };
  }
}

/** The laws that may be used. */
export function lawsUsed(file: FitFile, law: Law): string[] {
  const wanted =
    law === undefined ? undefined : typeof law === "string" ? [law] : Object.values(law);
  return [...new Set(file.fits.map((fit) => fit.law))].filter(
    (name) => wanted?.includes(name) ?? true,
  );
}

function usesOf(file: FitFile, law: Law): { params: boolean; tokens: boolean } {
  const uses = lawsUsed(file, law).map((name) => lawIn(file, name).uses);
  return { params: uses.some((use) => use.params), tokens: uses.some((use) => use.tokens) };
}
