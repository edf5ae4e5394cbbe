/** Measuring in processes of their own, and keeping the results. */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Runs a bundled script of the benchmark and returns what it gives to `finish` of bench/timing.ts.
 * `cold`: with the shader caches of Mesa's and NVIDIA's drivers off. Throws with the script's own
 * messages where it fails.
 */
export async function child<T>(
  script: string,
  args: readonly string[],
  cold: boolean,
): Promise<T | undefined> {
  const env = cold
    ? { ...process.env, MESA_SHADER_CACHE_DISABLE: "true", __GL_SHADER_DISK_CACHE: "0" }
    : process.env;
  const worker = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [text, noise] = ["", ""];
  worker.stdout.setEncoding("utf8").on("data", (more: string) => (text += more));
  worker.stderr.setEncoding("utf8").on("data", (more: string) => (noise += more));
  const code = await new Promise((resolve) => worker.once("close", resolve));
  const line = text.split("\n").find((l) => l.startsWith("result "));
  if (code !== 0 || line === undefined)
    throw new Error(`${args.join(" ")} ended with code ${String(code)}\n${noise}`);
  return (JSON.parse(line.slice("result ".length)) as T | null) ?? undefined;
}

/** Writes results to `folder` as JSON and Markdown. */
export function save(folder: string, name: string, results: object, markdown: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(join(folder, `${name}.md`), markdown);
}

/** The same, and prints the Markdown. */
export function keep(folder: string, name: string, results: object, markdown: string): void {
  save(folder, name, results, markdown);
  console.log(markdown);
}
