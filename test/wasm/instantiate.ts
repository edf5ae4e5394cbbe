import type { ModuleBuilder } from "../../src/wasm/module-builder.ts";

/** What a module exports; it is given the memory and the address of constants that it imports. */
export function instantiate(
  module: ModuleBuilder,
  memory?: WebAssembly.Memory,
  constants = 0,
): Record<string, (...args: number[]) => number> {
  const compiled = new WebAssembly.Module(module.bytes());
  const imports: WebAssembly.Imports = memory === undefined ? {} : { env: { memory, constants } };
  const { exports } = new WebAssembly.Instance(compiled, imports);
  return exports as Record<string, (...args: number[]) => number>;
}
