/**
 * What `npm test` looks at before it runs the tests: format, lint, types, the build and the GPU
 * adapter. Each is a script of package.json. Those of a row run one after the other, the rows
 * beside each other: few of them keep two cores busy alone. What a script says is printed when it
 * has ended; where one fails, the others of its row are not begun.
 */
import { spoken } from "./spoken.mjs";

const ROWS = [
  ["format:check", "lint"],
  ["build", "types", "adapter"],
];

/** Whether a script ends well.
 * @param {string} name */
async function passes(name) {
  const { end, out, err } = await spoken("npm", ["run", name]);
  process.stdout.write(out);
  process.stderr.write(err);
  if (end !== 0) console.error(`npm run ${name} failed (${end})`);
  return end === 0;
}

/** Whether all scripts of a row do.
 * @param {string[]} row */
async function allPass(row) {
  for (const name of row) if (!(await passes(name))) return false;
  return true;
}

const rows = await Promise.all(ROWS.map(allPass));
process.exitCode = rows.every(Boolean) ? 0 : 1;
