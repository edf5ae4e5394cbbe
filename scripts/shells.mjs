/**
 * Makes sure that the shells are there in which completion is tested: bash, zsh and fish.
 *
 * MIXLAW_NO_INSTALL=1   nothing is installed
 * REQUIRE_SHELLS=1      a shell that is missing is an error
 */
import { spawnSync } from "node:child_process";
import { aptGet, obstacle } from "./packages.mjs";

const missing = () =>
  ["bash", "zsh", "fish"].filter((shell) => spawnSync(shell, ["--version"]).status !== 0);

const before = missing();
const why = obstacle();
if (before.length > 0 && why === undefined) {
  aptGet("update");
  aptGet("install", "--no-install-recommends", ...before);
}
const after = missing();
console.log(
  after.length === 0
    ? "shells: bash, zsh and fish are there"
    : `shells: ${after.join(", ")} not found${why === undefined ? "" : `, and ${why}`}; on Debian: apt-get install ${after.join(" ")}`,
);
if (after.length > 0 && process.env["REQUIRE_SHELLS"] === "1") process.exitCode = 1;
