/** Installing packages of the system, for tests that need more than npm gives them. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * What must stand before a command to run it as root: nothing, sudo, or `undefined` where neither
 * works.
 */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0
    ? ["sudo", "-n"]
    : undefined;
}

/** Why nothing can be installed here, or `undefined` when it can. */
export function obstacle() {
  if (process.env["MIXLAW_NO_INSTALL"] === "1") return "MIXLAW_NO_INSTALL is set";
  if (process.platform !== "linux" || !existsSync("/usr/bin/apt-get"))
    return "this is not a Linux with apt-get";
  if (asRoot() === undefined) return "installing needs root or sudo without a password";
  return undefined;
}

/**
 * Runs a command as root; returns whether it worked, and shows the end of what it said when it did
 * not.
 * @param {string[]} command
 * @param {string} [input] */
export function run(command, input) {
  const [name = "", ...rest] = [
    ...(asRoot() ?? []),
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    ...command,
  ];
  const child = spawnSync(name, rest, {
    input: input ?? "",
    encoding: "utf8",
    timeout: 600_000,
    maxBuffer: 1 << 26,
  });
  if (child.status === 0) return true;
  console.log(`failed: ${command.join(" ")}`);
  const said = `${child.stdout ?? ""}${child.stderr ?? ""}${child.error?.message ?? ""}`;
  console.log(said.trim().split("\n").slice(-8).join("\n"));
  return false;
}

/** @param {string[]} arguments_ */
export const aptGet = (...arguments_) =>
  run([
    "apt-get",
    "-q",
    "-y",
    "-o",
    "DPkg::Lock::Timeout=120",
    "-o",
    "Acquire::Retries=3",
    ...arguments_,
  ]);
