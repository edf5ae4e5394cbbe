/**
 * `npm run supply`: what is published, checked as a stranger would. Builds twice and compares;
 * writes the SBOMs; asks the registry for known vulnerabilities; packs, installs and runs; looks
 * for sockets.
 */
import { join } from "node:path";
import { audit } from "./audit.mjs";
import { install } from "./install.mjs";
import { network } from "./network.mjs";
import { rebuild } from "./rebuild.mjs";
import { writeSboms } from "./sbom.mjs";

const root = join(import.meta.dirname, "../..");
const checks = [
  () => ({ problems: rebuild(root), note: "rebuild: two builds and two tarballs" }),
  () => ({ problems: writeSboms(root), note: "sbom: .cache/sbom, CycloneDX and SPDX" }),
  () => audit(root),
  () => install(root),
  () => network(root),
];
let failed = 0;
for (const check of checks) {
  const { problems, note } = check();
  if (note !== "" && problems.length === 0) console.log(note);
  for (const problem of problems) console.error(problem);
  failed += problems.length;
}
console.log(`supply: ${failed} problems`);
process.exitCode = failed === 0 ? 0 : 1;
