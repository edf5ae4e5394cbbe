/** The tarball that `npm pack` makes of what is built. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { rewriteReadme } from "../readme-links.mjs";

/**
 * @param {string} root the repository, built
 * @param {string} folder where the tarball goes
 * @returns {{ path: string, shasum: string }}
 */
export function pack(root, folder) {
  rewriteReadme(root, "npm"); // the scripts prepack and postpack, which would build again
  try {
    const text = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }); // prettier-ignore
    const [{ filename, shasum }] = JSON.parse(text);
    return { path: join(folder, filename), shasum };
  } finally {
    rewriteReadme(root, "here");
  }
}
