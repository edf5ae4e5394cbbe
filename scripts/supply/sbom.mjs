/**
 * `npm run sbom`: what reaches a user, as CycloneDX and SPDX, into .cache/sbom. npm lists all that
 * is installed; kept is what npm installs with mixlaw and what is bundled into dist/, which must
 * have been built.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shippedPackages } from "./shipped-packages.mjs";

/** What npm says of the tree in a format.
 * @param {string} root @param {"cyclonedx" | "spdx"} format */
function wholeTree(root, format) {
  const { status, stdout, stderr } = spawnSync("npm", ["sbom", "--sbom-format", format], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm sbom failed: ${stderr.trim()}`);
  return JSON.parse(stdout);
}

/** @param {any} bom @param {(name: string, version: string) => boolean} isShipped */
function cyclonedx(bom, isShipped) {
  const components = bom.components.filter((/** @type {any} */ { name, version }) =>
    isShipped(name, version),
  );
  const kept = new Set([bom.metadata.component["bom-ref"], ...components.map((/** @type {any} */ each) => each["bom-ref"])]); // prettier-ignore
  const dependencies = bom.dependencies
    .filter((/** @type {any} */ { ref }) => kept.has(ref))
    .map((/** @type {any} */ each) => ({
      ...each,
      dependsOn: each.dependsOn.filter((/** @type {string} */ ref) => kept.has(ref)),
    }));
  return { ...bom, components, dependencies };
}

/** @param {any} bom @param {(name: string, version: string) => boolean} isShipped */
function spdx(bom, isShipped) {
  const packages = bom.packages.filter(
    (/** @type {any} */ { name, versionInfo, SPDXID }) =>
      bom.documentDescribes.includes(SPDXID) || isShipped(name, versionInfo),
  );
  const kept = new Set([bom.SPDXID, ...packages.map((/** @type {any} */ each) => each.SPDXID)]);
  const relationships = bom.relationships.filter(
    (/** @type {any} */ { spdxElementId, relatedSpdxElement }) =>
      kept.has(spdxElementId) && kept.has(relatedSpdxElement),
  );
  return { ...bom, packages, relationships };
}

/**
 * Writes both; says what is missing in them.
 * @param {string} root the repository
 * @returns {string[]} problems
 */
export function writeSboms(root) {
  const shipped = shippedPackages(root);
  const keys = new Set(shipped.map(({ name, version }) => `${name}@${version}`));
  const isShipped = (/** @type {string} */ name, /** @type {string} */ version) =>
    keys.has(`${name}@${version}`);
  const boms = {
    cyclonedx: cyclonedx(wholeTree(root, "cyclonedx"), isShipped),
    spdx: spdx(wholeTree(root, "spdx"), isShipped),
  };
  const listed = {
    cyclonedx: boms.cyclonedx.components.map((/** @type {any} */ { name, version }) => `${name}@${version}`), // prettier-ignore
    spdx: boms.spdx.packages.map((/** @type {any} */ { name, versionInfo }) => `${name}@${versionInfo}`), // prettier-ignore
  };
  const folder = join(root, ".cache/sbom");
  mkdirSync(folder, { recursive: true });
  for (const format of /** @type {const} */ (["cyclonedx", "spdx"]))
    writeFileSync(
      join(folder, `mixlaw.${format}.json`),
      JSON.stringify(boms[format], undefined, 2),
    );
  return /** @type {const} */ (["cyclonedx", "spdx"]).flatMap((format) =>
    [...keys].filter((key) => !listed[format].includes(key)).map((key) => `${format} lacks ${key}`),
  );
}

if (import.meta.filename === process.argv[1]) {
  const root = join(import.meta.dirname, "../..");
  const problems = writeSboms(root);
  for (const { name, version, license } of shippedPackages(root)) console.log(`${name} ${version} ${license}`); // prettier-ignore
  for (const problem of problems) console.error(`sbom: ${problem}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
