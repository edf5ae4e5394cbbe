/**
 * The packages that reach a user: those that npm installs with mixlaw, and those whose code is in
 * dist/.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ name: string, version: string, license: string }} Package */
/**
 * @typedef {{
 *   version: string, license?: string, integrity?: string, resolved?: string, link?: boolean,
 *   hasInstallScript?: boolean, dev?: boolean, optional?: boolean,
 *   dependencies?: Record<string, string>, optionalDependencies?: Record<string, string>
 * }} Locked
 */

/** What package-lock.json has, by path ("node_modules/yaml").
 * @param {string} root the repository
 * @returns {Record<string, Locked>} */
export const lockedPackages = (root) =>
  JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;

/** Where a package finds another: in its own node_modules, or in one above.
 * @param {Record<string, Locked>} locked @param {string} from @param {string} name */
function resolved(locked, from, name) {
  for (let folder = from; ; folder = folder.slice(0, folder.lastIndexOf("node_modules/"))) {
    const path = `${folder === "" || folder.endsWith("/") ? folder : `${folder}/`}node_modules/${name}`;
    if (locked[path] !== undefined) return path;
    if (folder === "") return undefined;
    folder = folder.replace(/\/$/, "");
  }
}

/** The packages that npm installs with mixlaw, with those that they need.
 * @param {string} root
 * @returns {Package[]} */
export function installedPackages(root) {
  const locked = lockedPackages(root);
  const paths = new Set([""]);
  for (const from of paths) {
    const { dependencies = {}, optionalDependencies = {} } = locked[from] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const path = resolved(locked, from, name);
      if (path === undefined)
        throw new Error(`package-lock.json has no ${name}, which ${from} needs`);
      paths.add(path);
    }
  }
  return [...paths].slice(1).map((path) => ({
    name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
    version: locked[path]?.version ?? "",
    license: locked[path]?.license ?? "",
  }));
}

/** The packages whose code the build has put into dist/, by its notices.
 * @param {string} root
 * @returns {Package[]} */
export function bundledInDist(root) {
  const notices = readFileSync(join(root, "dist/THIRD-PARTY-NOTICES"), "utf8");
  return [...notices.matchAll(/^(@?[\w./-]+) (\d[\w.+-]*) \((.+)\)$/gm)].map(
    ([, name = "", version = "", license = ""]) => ({ name, version, license }),
  );
}

/** Both, each once.
 * @param {string} root */
export function shippedPackages(root) {
  const all = [...installedPackages(root), ...bundledInDist(root)];
  return [...new Map(all.map((each) => [`${each.name}@${each.version}`, each])).values()].toSorted(
    (a, b) => (a.name < b.name ? -1 : 1),
  );
}
