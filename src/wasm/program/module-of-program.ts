/** Modules of programs, each made once, and their instances in this thread. */
import type { LossKind } from "../../expr/loss.ts";
import type { Program } from "../../expr/program.ts";
import { memoryIn, type WasmMemory, wasmMemory } from "../availability.ts";
import { claimRegion } from "../regions.ts";
import { planOf } from "./code-plan.ts";
import { fixedPart, type Layout, layoutOf } from "./layout.ts";
import { IMPORTS, type ProgramExports, programModule } from "./program-module.ts";

/** A compiled program. Threads that are sent it share its code: none has to warm it up anew. */
export interface ProgramModule {
  readonly module: WebAssembly.Module;
  /** What its constants take in the memory. */
  readonly constantBytes: number;
}

const modules = new WeakMap<Program, Map<LossKind, ProgramModule>>();

/**
 * The compiled module of a program for a loss; the program's bent form is a part of it. Undefined
 * where WebAssembly does not run.
 */
export function moduleFor(program: Program, loss: LossKind): ProgramModule | undefined {
  const memory = wasmMemory();
  if (memory === undefined) return undefined;
  const known = modules.get(program)?.get(loss);
  if (known !== undefined) return known;
  const { bytes, constantBytes } = programModule(program, loss, memory.isShared);
  const made = { module: new WebAssembly.Module(bytes), constantBytes };
  adoptModule(program, loss, made);
  return made;
}

/** Takes a module that another thread has compiled for the same program. */
export function adoptModule(program: Program, loss: LossKind, module: ProgramModule): void {
  const byLoss = modules.get(program) ?? new Map<LossKind, ProgramModule>();
  byLoss.set(loss, module);
  modules.set(program, byLoss);
}

/** A module's functions in this thread's memory. */
export interface Instantiated<Exports> {
  readonly exports: Exports;
  /** Owner of the memory that its constants are in. */
  readonly constants: object;
}

/** The functions of a module in a memory, with its constants there. */
export function instantiated<Exports>(
  { module, constantBytes }: ProgramModule,
  own: WasmMemory,
): Instantiated<Exports> {
  const constants = {};
  const { address } = claimRegion(own, constants, constantBytes / 8);
  const { exports } = new WebAssembly.Instance(module, {
    [IMPORTS.module]: { [IMPORTS.memory]: memoryIn(own), [IMPORTS.constants]: address },
  });
  return { exports: exports as unknown as Exports, constants };
}

/** A program's functions, and how their states look. */
export interface ProgramInstance extends Instantiated<ProgramExports> {
  readonly layout: Layout;
  /** A state as it begins. */
  readonly fixed: Float64Array;
}

const instances = new WeakMap<ProgramModule, ProgramInstance>();

/** The instance of a program's module; undefined where there is none, see `moduleFor`. */
export function instanceFor(program: Program, loss: LossKind): ProgramInstance | undefined {
  const made = moduleFor(program, loss);
  const own = wasmMemory();
  if (made === undefined || own === undefined) return undefined;
  const known = instances.get(made);
  if (known !== undefined) return known;
  const plan = planOf(program);
  const layout = layoutOf(program, plan);
  const instance: ProgramInstance = {
    ...instantiated<ProgramExports>(made, own),
    layout,
    fixed: fixedPart(program, layout, plan),
  };
  instances.set(made, instance);
  return instance;
}
