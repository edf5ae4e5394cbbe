import type { ModuleBuilder } from "../../src/wasm/module-builder.ts";

/** A module as it runs: its exports, and the memory that it was given, if it imports one. */
export function instantiate(
  module: ModuleBuilder,
  memory?: WebAssembly.Memory,
): Record<string, (...args: number[]) => number> {
  const compiled = new WebAssembly.Module(module.bytes());
  const imports: WebAssembly.Imports = memory === undefined ? {} : { env: { memory } };
  const { exports } = new WebAssembly.Instance(compiled, imports);
  return exports as Record<string, (...args: number[]) => number>;
}
