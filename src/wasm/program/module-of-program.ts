/** Modules of programs, each made once, and their instances in this thread. */
import type { LossKind } from "../../expr/loss.ts";
import { contentOf, type Program } from "../../expr/program.ts";
import { memoryIn, type WasmMemory, wasmMemory } from "../availability.ts";
import { FULL, tellFallback } from "../fallback.ts";
import { LastUsed } from "../last-used.ts";
import { claimRegion } from "../regions.ts";
import {
  IMPORTS,
  type ProgramExports,
  programModule,
  type StateForm,
  type WrittenModule,
} from "./program-module.ts";

/** A compiled module. Threads that are sent it share its code: none has to warm it up anew. */
export interface CompiledModule {
  readonly module: WebAssembly.Module;
  /** What its constants take in the memory. */
  readonly constantBytes: number;
}

/** A compiled program, with what a thread would otherwise have to work out anew. */
export interface ProgramModule extends CompiledModule {
  readonly state: StateForm;
}

/** Why a program has no module, to end a sentence: JavaScript computes it. */
export interface Refusal {
  readonly refused: string;
}

/** What became of compiling a program. */
export type CompiledProgram = ProgramModule | Refusal;

const modules = new WeakMap<Program, Map<LossKind, CompiledProgram>>();

/**
 * How many modules are kept for programs that are made again, such as those of a law in the next
 * fit: writing one takes 50 ms for 19 coordinates. They are of some 10 to 100 kB.
 */
const MOST_MODULES = 32;

/** By what the code depends on. */
const lastModules = new LastUsed<CompiledProgram>(MOST_MODULES);

/**
 * The compiled module of a program for a loss; the program's bent form is a part of it. Undefined
 * where WebAssembly does not run.
 */
export function moduleFor(program: Program, loss: LossKind): CompiledProgram | undefined {
  const memory = wasmMemory();
  if (memory === undefined) return undefined;
  const known = modules.get(program)?.get(loss);
  if (known !== undefined) return known;
  const key = [loss, memory.isShared, contentOf(program)].join("\n");
  const made = lastModules.get(key, () =>
    compiledModule(() => programModule(program, loss, memory.isShared)),
  );
  if ("refused" in made) lastModules.delete(key); // there may be room the next time
  adoptModule(program, loss, made);
  return made;
}

/** Compiles what `write` writes, within the limits of the engine. */
export const compiledModule = <W extends WrittenModule>(
  write: () => W,
): (Omit<W, "bytes"> & CompiledModule) | Refusal =>
  withinLimits(() => {
    const { bytes, ...written } = write();
    return { ...written, module: new WebAssembly.Module(bytes) };
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
  compiled: CompiledModule | Refusal,
  own: WasmMemory,
): Instantiated<Exports> | undefined {
  const made = "refused" in compiled ? compiled : instanceOf<Exports>(compiled, own);
  if (!("refused" in made)) return made;
  tellFallback(made.refused);
  return undefined;
}

function instanceOf<Exports>(
  { module, constantBytes }: CompiledModule,
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
  readonly state: StateForm;
}

/** By memory, and by module. */
const instances = new WeakMap<WasmMemory, WeakMap<CompiledProgram, ProgramInstance>>();

/** The instance of a program's module; undefined where there is none, see `moduleFor`. */
export function instanceFor(program: Program, loss: LossKind): ProgramInstance | undefined {
  const made = moduleFor(program, loss);
  const own = wasmMemory();
  if (made === undefined || own === undefined) return undefined;
  const inOwn = instances.get(own) ?? new WeakMap<CompiledProgram, ProgramInstance>();
  instances.set(own, inOwn);
  const known = inOwn.get(made);
  if (known !== undefined) return known;
  const functions = instantiated<ProgramExports>(made, own);
  if ("refused" in made || functions === undefined) return undefined;
  const instance: ProgramInstance = { ...functions, state: made.state };
  inOwn.set(made, instance);
  return instance;
}
