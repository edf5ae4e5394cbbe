/**
 * What the figures were measured on: processor, memory, software; nothing that names the computer.
 */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type as system } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly date: string;
}

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")) as { version: string })
    .version;

export const machine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${system()} ${release().split("-")[0] ?? ""}`,
  node: process.version,
  versions: {
    mixlaw: (JSON.parse(readFileSync("package.json", "utf8")) as { version: string }).version,
    webgpu: versionOf("webgpu"),
  },
  date: new Date().toISOString().slice(0, 10),
});
