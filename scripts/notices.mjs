/** The notices of the packages whose code is in a bundle, as their licences ask for. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a package's licence says: who has the copyright, and the rest.
 * @typedef {{ title: string, copyright: string[], terms: string }} Licence */

/**
 * The folders of the packages that have code in the outputs of some builds.
 * @param {(import("esbuild").Metafile)[]} metafiles
 */
export function bundledPackages(metafiles) {
  const files = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap(({ inputs }) => Object.entries(inputs))
    .flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []));
  const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
  return [...new Set(files.flatMap((file) => folder.exec(file)?.[0] ?? []))].toSorted();
}

/**
 * A text that names packages with their copyright, those under the same terms together.
 * @param {string} root the repository
 * @param {string[]} folders of packages, from the root
 */
export function noticesOf(root, folders) {
  const licences = folders.map((folder) => licenceOf(join(root, folder)));
  // Copies of the same terms break their lines differently.
  const words = (/** @type {Licence} */ { terms }) => terms.replace(/[\s*]+/g, " ");
  const all = [...new Set(licences.map(words))].map((terms) => {
    const packages = licences.filter((licence) => words(licence) === terms);
    const names = packages.map(({ title, copyright }) => [title, ...copyright].join("\n  "));
    return `${names.join("\n")}\n\n${packages[0]?.terms}`;
  });
  const rule = `\n\n${"-".repeat(80)}\n\n`;
  return `Third-party software in this file or folder${rule}${all.join(rule)}\n`;
}

/**
 * @param {string} folder of a package
 * @returns {Licence}
 */
function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const title = `${name} ${version} (${license})`;
  const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)\b/i.test(each));
  if (file === undefined)
    throw new Error(`${folder} is in a bundle and has no licence file: its notice is missing`);
  const lines = readFileSync(join(folder, file), "utf8").trim().split(/\r?\n/);
  const isCopyright = (/** @type {string} */ line) =>
    /^\s*Copyright\s+(\([cC]\)|©|[\dA-Z])/.test(line);
  const isTitle = (/** @type {string} */ line) =>
    /^\W*((the )?(mit|isc) license( \(mit\))?)?\W*$/i.test(line);
  const first = lines.findIndex((line) => !isCopyright(line) && !isTitle(line));
  const head = lines.slice(0, first);
  return {
    title,
    copyright: head.filter(isCopyright).map((line) => line.trim()),
    terms: lines.slice(first).join("\n").trim(),
  };
}
