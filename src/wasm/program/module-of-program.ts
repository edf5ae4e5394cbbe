/** Modules of programs, each made once, and their instances in this thread. */
import type { LossKind } from "../../expr/loss.ts";
import type { Program } from "../../expr/program.ts";
import { memoryIn, type WasmMemory, wasmMemory } from "../availability.ts";
import { FULL, tellFallback } from "../fallback.ts";
import { claimRegion } from "../regions.ts";
import { planOf } from "./code-plan.ts";
import { fixedPart, type Layout, layoutOf } from "./layout.ts";
import {
  IMPORTS,
  type ProgramExports,
  programModule,
  type WrittenModule,
} from "./program-module.ts";

/** A compiled program. Threads that are sent it share its code: none has to warm it up anew. */
export interface ProgramModule {
  readonly module: WebAssembly.Module;
  /** What its constants take in the memory. */
  readonly constantBytes: number;
}

/** Why a program has no module, to end a sentence: JavaScript computes it. */
export interface Refusal {
  readonly refused: string;
}

/** What became of compiling a program. */
export type CompiledProgram = ProgramModule | Refusal;

const modules = new WeakMap<Program, Map<LossKind, CompiledProgram>>();

/**
 * The compiled module of a program for a loss; the program's bent form is a part of it. Undefined
 * where WebAssembly does not run.
 */
export function moduleFor(program: Program, loss: LossKind): CompiledProgram | undefined {
  const memory = wasmMemory();
  if (memory === undefined) return undefined;
  const known = modules.get(program)?.get(loss);
  if (known !== undefined) return known;
  const made = compiledModule(() => programModule(program, loss, memory.isShared));
  adoptModule(program, loss, made);
  return made;
}

/** Compiles what `write` writes, within the limits of the engine. */
export const compiledModule = (write: () => WrittenModule): CompiledProgram =>
  withinLimits(() => {
    const { bytes, constantBytes } = write();
    return { module: new WebAssembly.Module(bytes), constantBytes };
  });

/** What `make` makes, or which limit of the engine forbids it. */
function withinLimits<T>(make: () => T): T | Refusal {
  try {
    return make();
  } catch (error) {
    // A RangeError: there is no room for the code, or this thread may not wait for so much of it.
    if (!(error instanceof WebAssembly.CompileError || error instanceof RangeError)) throw error;
    return { refused: `a formula is more than WebAssembly takes here (${error.message})` };
  }
}

/** Takes what another thread has compiled of the same program. */
export function adoptModule(program: Program, loss: LossKind, module: CompiledProgram): void {
  const byLoss = modules.get(program) ?? new Map<LossKind, CompiledProgram>();
  byLoss.set(loss, module);
  modules.set(program, byLoss);
}

/** A module's functions in this thread's memory. */
export interface Instantiated<Exports> {
  readonly exports: Exports;
  /** Owner of the memory that its constants are in. */
  readonly constants: object;
}

/**
 * The functions of a module in a memory, with its constants there. Undefined, and listeners are
 * told, where it was refused or is, or where the memory is full.
 */
export function instantiated<Exports>(
  compiled: CompiledProgram,
  own: WasmMemory,
): Instantiated<Exports> | undefined {
  const made = "refused" in compiled ? compiled : instanceOf<Exports>(compiled, own);
  if (!("refused" in made)) return made;
  tellFallback(made.refused);
  return undefined;
}

function instanceOf<Exports>(
  { module, constantBytes }: ProgramModule,
  own: WasmMemory,
): Instantiated<Exports> | Refusal {
  const constants = {};
  const region = claimRegion(own, constants, constantBytes / 8);
  if (region === undefined) return { refused: FULL };
  const imports = { [IMPORTS.memory]: memoryIn(own), [IMPORTS.constants]: region.address };
  return withinLimits(() => {
    const { exports } = new WebAssembly.Instance(module, { [IMPORTS.module]: imports });
    return { exports: exports as unknown as Exports, constants };
  });
}

/** A program's functions, and how their states look. */
export interface ProgramInstance extends Instantiated<ProgramExports> {
  readonly layout: Layout;
  /** A state as it begins. */
  readonly fixed: Float64Array;
}

const instances = new WeakMap<CompiledProgram, ProgramInstance>();

/** The instance of a program's module; undefined where there is none, see `moduleFor`. */
export function instanceFor(program: Program, loss: LossKind): ProgramInstance | undefined {
  const made = moduleFor(program, loss);
  const own = wasmMemory();
  if (made === undefined || own === undefined) return undefined;
  const known = instances.get(made);
  if (known !== undefined) return known;
  const functions = instantiated<ProgramExports>(made, own);
  if (functions === undefined) return undefined;
  const plan = planOf(program);
  const layout = layoutOf(program, plan);
  const instance: ProgramInstance = {
    ...functions,
    layout,
    fixed: fixedPart(program, layout, plan),
  };
  instances.set(made, instance);
  return instance;
}
