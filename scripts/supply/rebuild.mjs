/** Whether a build gives the same bytes again, and whether a tarball does. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "./pack.mjs";

/** SHA-256 by path of all files in dist/.
 * @param {string} root
 * @returns {Map<string, string>} */
function hashes(root) {
  const folder = join(root, "dist");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(folder.length + 1))
    .toSorted();
  const hash = (/** @type {string} */ file) =>
    createHash("sha256").update(readFileSync(join(folder, file))).digest("hex"); // prettier-ignore
  return new Map(files.map((file) => [file, hash(file)]));
}

/** @param {string} root */
function build(root) {
  const { status } = spawnSync(process.execPath, ["scripts/build.mjs", "--types"], { cwd: root, stdio: "inherit" }); // prettier-ignore
  if (status !== 0) throw new Error("the build failed");
}

/** The SHA-1 that npm gives a tarball of what is built. @param {string} root */
function packed(root) {
  const folder = mkdtempSync(join(tmpdir(), "mixlaw-pack-"));
  try {
    return pack(root, folder).shasum;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Builds twice, from an empty dist/ each time.
 *
 * @param {string} root the repository
 * @returns {string[]} what differs
 */
export function rebuild(root) {
  build(root);
  const [first, tarball] = [hashes(root), packed(root)];
  build(root);
  const second = hashes(root);
  const files = new Set([...first.keys(), ...second.keys()]);
  const differing = [...files].filter((file) => first.get(file) !== second.get(file));
  const paths = [...second.keys()].filter((file) => {
    const text = readFileSync(join(root, "dist", file));
    return ["src", "node_modules"].some((folder) => text.includes(join(root, folder)));
  });
  return [
    ...differing.map((file) => `rebuild: ${file} differs between two builds`),
    ...paths.map((file) => `rebuild: ${file} names the folder of this machine`),
    ...(packed(root) === tarball ? [] : ["rebuild: two tarballs differ"]),
  ];
}
