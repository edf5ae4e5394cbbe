/**
 * Makes sure that there is a WebGPU adapter for the tests, if need be a software one: Mesa's
 * lavapipe from the system's packages.
 *
 *     node scripts/adapter.mjs             says which adapter there is; installs lavapipe when there is none
 *     node scripts/adapter.mjs --browser   also installs Chromium (headless pages; SwiftShader as a second, independent driver)
 *
 * MIXLAW_NO_INSTALL=1   nothing is installed
 * REQUIRE_GPU=1         no adapter is an error
 * REQUIRE_BROWSER=1     with --browser, no browser is an error
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { browserRemedy, findBrowser } from "./browser.mjs";
import { aptGet, obstacle, run } from "./packages.mjs";

const root = dirname(import.meta.dirname);
const swiftshader = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** What a probe found: `adapter` in one line, or why there is none.
 * @typedef {{ adapter: string, why?: undefined } | { adapter?: undefined, why: string }} Probe */

/** The environment for a process that uses the GPU: lavapipe complains without XDG_RUNTIME_DIR. */
export function gpuEnvironment() {
  if (process.env["XDG_RUNTIME_DIR"] !== undefined) return process.env;
  const folder = join(root, ".cache", "runtime");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { ...process.env, XDG_RUNTIME_DIR: folder };
}

/** Looks for an adapter, in a process of its own.
 * @returns {Probe} */
export function probe() {
  const child = spawnSync(process.execPath, [join(root, "scripts", "probe.mjs")], {
    cwd: root,
    env: gpuEnvironment(),
    encoding: "utf8",
    timeout: 120_000,
  });
  const line = (child.stdout ?? "").split("\n").find((text) => text.startsWith("{"));
  if (line === undefined) {
    const cause = (child.stderr ?? "")
      .split("\n")
      .find((text) => /error/i.test(text))
      ?.trim();
    return {
      why: `looking for one failed (${cause ?? child.error?.message ?? child.signal ?? `exit status ${child.status}`})`,
    };
  }
  const { adapter } = JSON.parse(line);
  if (adapter === undefined) return { why: "no WebGPU adapter was found" };
  // Dawn puts the driver's name and version in `description`, the chip or the software renderer in
  // `device`.
  return {
    adapter:
      [adapter.name, adapter.description].filter((text) => text !== "").join(", ") ||
      adapter.vendor ||
      "unnamed",
  };
}

/** @param {string} text */
const say = (text) => console.log(`adapter: ${text}`);

/** `/etc/os-release` as a table. */
function release() {
  const text = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return Object.fromEntries(
    [...text.matchAll(/^(\w+)="?([^"\n]*)"?$/gm)].map(([, key, value]) => [key, value]),
  );
}

/**
 * The configured package sources: one record each, from deb822 stanzas and from one-line entries.
 */
function sources() {
  const folder = "/etc/apt/sources.list.d";
  const names = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const records = [];
  for (const name of ["/etc/apt/sources.list", ...names]) {
    if (!/\.(list|sources)$/.test(name) || !existsSync(name)) continue;
    const text = readFileSync(name, "utf8").replace(/^#.*\n?/gm, "");
    if (name.endsWith(".sources")) {
      for (const stanza of text.split(/\n\s*\n/)) {
        const field = (/** @type {string} */ key) =>
          new RegExp(`^${key}:[ \\t]*(.*)$`, "im").exec(stanza)?.[1]?.trim() ?? "";
        if (field("Enabled").toLowerCase() === "no") continue;
        records.push({
          uri: field("URIs").split(/\s+/)[0] ?? "",
          suites: field("Suites").split(/\s+/),
          signedBy: field("Signed-By"),
        });
      }
    } else {
      for (const [, options = "", uri = "", suite = ""] of text.matchAll(
        /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)/gm,
      )) {
        records.push({
          uri,
          suites: [suite],
          signedBy: /signed-by=(\S+)/i.exec(options)?.[1] ?? "",
        });
      }
    }
  }
  return records;
}

/**
 * Adds the suite `bookworm-backports`, from the same place and with the same key as `bookworm`,
 * unless a source provides it already.
 */
function addBackports() {
  const suite = "bookworm-backports";
  const known = sources();
  if (known.some(({ suites }) => suites.includes(suite))) return true;
  const debian = known.find(({ suites }) => suites.includes("bookworm"));
  const file = `/etc/apt/sources.list.d/${suite}.sources`;
  const stanza = [
    "Types: deb",
    `URIs: ${debian?.uri ?? "http://deb.debian.org/debian"}`,
    `Suites: ${suite}`,
    "Components: main",
    `Signed-By: ${debian?.signedBy || "/usr/share/keyrings/debian-archive-keyring.gpg"}`,
  ];
  say(`adding the package source ${suite} (${file})`);
  return run(["tee", file], `${stanza.join("\n")}\n`);
}

/**
 * Installs lavapipe. Debian 12's own Mesa (22.3) is too old for Dawn, which then reports no adapter
 * at all: there it comes from backports.
 */
function installMesa() {
  const { ID, VERSION_ID } = release();
  const backports = ID === "debian" && VERSION_ID === "12";
  if (backports && !addBackports()) return false;
  say(`installing mesa-vulkan-drivers${backports ? " from bookworm-backports" : ""} ...`);
  // one unreachable source among several is no reason to stop: the installation will tell
  aptGet("update");
  const packages = ["mesa-vulkan-drivers", "libvulkan1"];
  return aptGet(
    "install",
    "--no-install-recommends",
    ...(backports ? ["-t", "bookworm-backports"] : []),
    ...packages,
  );
}

/** @param {string} path */
const sayBrowser = (path) =>
  say(`${path} is there${existsSync(swiftshader) ? ` (SwiftShader: ${swiftshader})` : ""}`);

function ensureBrowser() {
  let found = findBrowser();
  if (found.path !== undefined) return sayBrowser(found.path);
  const why = obstacle();
  if (why === undefined) {
    say("installing chromium ...");
    aptGet("update");
    aptGet("install", "--no-install-recommends", "chromium");
    found = findBrowser();
  } else {
    found = { why: `${found.why}, and ${why}` };
  }
  if (found.path !== undefined) return sayBrowser(found.path);
  const required = process.env["REQUIRE_BROWSER"] === "1";
  say(
    `${found.why}. ${required ? "REQUIRE_BROWSER is set: this is an error." : "The tests in a browser will be skipped."} ${browserRemedy}`,
  );
  if (required) process.exitCode = 1;
}

function ensureAdapter() {
  let found = probe();
  if (found.adapter === undefined) {
    const why = obstacle();
    if (why === undefined) {
      say(`${found.why}; mixlaw's GPU tests need one`);
      installMesa();
      found = probe();
    } else {
      found = { why: `${found.why}, and ${why}` };
    }
  }
  if (found.adapter !== undefined) return say(found.adapter);
  const required = process.env["REQUIRE_GPU"] === "1";
  say(
    `${found.why}. ${required ? "REQUIRE_GPU is set: this is an error." : "The GPU tests will be skipped."} ${remedy}`,
  );
  if (required) process.exitCode = 1;
}

/** How to get an adapter, in one sentence. */
export const remedy =
  "To get a software adapter: Debian 12: mesa-vulkan-drivers from bookworm-backports; Debian 13, Ubuntu 24.04 and later: apt-get install mesa-vulkan-drivers libvulkan1.";

if (process.argv[1] === import.meta.filename) {
  ensureAdapter();
  if (process.argv.includes("--browser")) ensureBrowser();
}
