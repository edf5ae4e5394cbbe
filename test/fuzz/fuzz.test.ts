/**
 * A while of fuzzing in processes of their own, as `npm run fuzz` does; what it finds, with the
 * seed and the input, is in the message.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./seeds.ts";

/** Minutes of each; FUZZ_SEED draws other inputs. */
const MINUTES = 0.75;
const seed = process.env["FUZZ_SEED"] ?? "1";

test("hostile input gives a result or a clear error, in time", async () => {
  const script = join(root, "scripts/fuzz.mjs");
  const child = spawn(process.execPath, [script, "--minutes", String(MINUTES), "--seed", seed], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const code = await new Promise((resolve) => child.on("close", resolve));
  console.log(output.split("\n").slice(-3).join("\n"));
  expect(code, output).toBe(0);
});
