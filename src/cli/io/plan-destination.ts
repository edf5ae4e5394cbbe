/** Where a plan goes: to a file that is not overwritten by another plan. */
import { readFile } from "node:fs/promises";
import { InputError } from "../../base/errors.ts";
import { codeOf } from "../../node/error-code.ts";
import { type Destination, documentDestination } from "./save.ts";

const FLAG = "--register";

/**
 * Checks that a plan can be written. What is there already stays, unless it is the same plan.
 *
 * @throws InputError naming the flag, when it is checked or, for a file with something else in it,
 *   when it is saved.
 */
export async function planDestination(
  path: string,
): Promise<Pick<Destination, "path"> & { save(text: string): Promise<void> }> {
  const out = await documentDestination(path, FLAG);
  return {
    path: out.path,
    async save(text) {
      const before = await textIn(path);
      if (before === text) return;
      if (before !== undefined && before !== "")
        throw new InputError(
          `${FLAG} ${path}: is there and says otherwise, and what was registered stays: give the plan another name`,
          { file: path },
        );
      await out.save(text);
    },
  };
}

/** Undefined where there is no such file. */
async function textIn(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
