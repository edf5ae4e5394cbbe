/**
 * Links of README.md, as npm's page of the package needs them. That page leaves relative links as
 * they are where package.json has no repository, so they would lead nowhere. What they name is in
 * the package, and unpkg.com serves the files of every published version: pictures as they are, and
 * pages as app.unpkg.com shows them.
 *
 *     node scripts/readme-links.mjs npm     README.md as it is published; npm's `prepack` runs it
 *     node scripts/readme-links.mjs here    as it is in the repository; `postpack` runs it
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Fenced code, which is left alone, or the end of a link with a relative path. */
const CODE_OR_LINK = /```[^]*?```|\]\((?!\w+:|#)([^)\s]+)\)/g;
const PUBLISHED = /\]\(https:\/\/(?:app\.)?unpkg\.com\/mixlaw@[^/]+\/(?:files\/)?([^)\s]+)\)/g;

/**
 * The text with links to the files of a published version.
 * @param {string} text @param {string} version
 */
export const linksForNpm = (text, version) =>
  text.replace(CODE_OR_LINK, (all, path) => {
    if (path === undefined) return all;
    const isPicture = /\.(png|svg)$/.test(path);
    return isPicture
      ? `](https://unpkg.com/mixlaw@${version}/${path})`
      : `](https://app.unpkg.com/mixlaw@${version}/files/${path})`;
  });

/** The text with its links as they were. @param {string} text */
export const linksHere = (text) => text.replace(PUBLISHED, "]($1)");

/**
 * Rewrites README.md for npm, or back.
 * @param {string} root the repository @param {"npm" | "here"} where
 */
export function rewriteReadme(root, where) {
  const path = join(root, "README.md");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const text = readFileSync(path, "utf8");
  const here = linksHere(text); // also where a packing that failed has left it
  writeFileSync(path, where === "npm" ? linksForNpm(here, version) : here);
}

if (import.meta.filename === process.argv[1]) {
  const [where] = process.argv.slice(2);
  if (where !== "npm" && where !== "here")
    throw new Error(`"npm" or "here" is missing: node scripts/readme-links.mjs npm`);
  rewriteReadme(dirname(import.meta.dirname), where);
}
