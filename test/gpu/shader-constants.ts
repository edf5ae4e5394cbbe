/** Constants as shaders define them, for tests that run a part of a kernel without the rest. */
import progress from "../../shaders/lib/progress.wgsl";
import search from "../../shaders/search.wgsl";

/** The value of a constant, as a shader has it. */
export function constantOf(text: string, name: string): string {
  const value = new RegExp(`^const ${name} = (.*);$`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`the shader has no constant ${name}`);
  return value;
}

/** What coordinates that are not pinned at a bound are displaced by. */
export const FREE = Number(constantOf(progress, "FREE"));

/** Definitions of the constants that the solve reads. */
export const SOLVE_CONSTANTS = [
  ...["TINY", "FREE"].map((name) => `const ${name} = ${constantOf(progress, name)};`),
  ...["PIN", "MOST_TRACE"].map((name) => `const ${name} = ${constantOf(search, name)};`),
].join("\n");
