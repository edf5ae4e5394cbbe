/** Whether commands open a socket: none may, but the page, which listens on loopback. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @type {string[][]} */
const COMMANDS = [
  ["fit", "runs.csv", "--law", "additive", "--restarts", "8", "--bootstrap", "10", "--threads", "2", "--backend", "cpu", "--out", "fit.json"], // prettier-ignore
  ["fit", "runs.csv", "--law", "linear", "--restarts", "8", "--backend", "auto"],
  ["predict", "fit.json", "runs.csv", "--out", "predicted.csv"],
  ["optimize", "fit.json", "--params", "1B", "--tokens", "20B", "--samples", "64", "--backend", "cpu", "--out", "optimum.json"], // prettier-ignore
  ["report", "fit.json", "optimum.json", "--out", "report.html"],
  ["validate", "runs.csv", "--law", "linear", "--restarts", "8", "--backend", "cpu"],
  ["design", "--domains", "web,code", "--flops", "1e21"],
  ["simulate", "--law", "linear", "--domains", "a,b", "--out", "drawn.csv"],
  ["verify", "fit.json", "runs.csv"],
  ["laws"],
  ["doctor"],
];

/**
 * @param {string} root the repository, built
 * @returns {{ problems: string[], note: string }}
 */
export function network(root) {
  const folder = mkdtempSync(join(tmpdir(), "mixlaw-network-"));
  const watch = new URL("no-network.mjs", import.meta.url).href;
  copyFileSync(join(root, "test/simulated/runs.csv"), join(folder, "runs.csv"));
  try {
    const problems = COMMANDS.flatMap((words) => {
      const { status, stderr } = spawnSync(
        process.execPath,
        ["--import", watch, join(root, "dist/cli.js"), ...words],
        { cwd: folder, encoding: "utf8", timeout: 120_000, maxBuffer: 2 ** 26 },
      );
      const opened = stderr.match(/^network: .*$/gm) ?? [];
      return [
        ...opened.map((line) => `${line} by mixlaw ${words.join(" ")}`),
        ...(status === 0 || status === 2 ? [] : [`network: mixlaw ${words.join(" ")} failed: ${stderr.trim()}`]), // prettier-ignore
      ];
    });
    // That the watch sees a socket at all.
    const probe = spawnSync(process.execPath, ["--import", watch, "-e", 'require("node:net").connect(9, "127.0.0.1").on("error", () => {})'], { encoding: "utf8" }); // prettier-ignore
    if (!/^network: /m.test(probe.stderr)) problems.push("network: the watch sees nothing");
    return { problems, note: `network: ${COMMANDS.length} commands open no socket` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
