/**
 * Checks types (`npm run types`), twice: everything as tsconfig.json says, and once more without
 * the tests as tsconfig.indexed.json says, with `noUncheckedIndexedAccess`, under which an item of
 * a list or an object may be undefined. The second check holds everywhere but in the tests and in
 * the rooms that compute with arrays, where an index is nearly always a loop's own and the loops
 * are hot. Elsewhere src/base/known.ts says that an item is known to be there.
 */
import { dirname, join } from "node:path";
import { spoken } from "./spoken.mjs";

const root = dirname(import.meta.dirname);

/** Rooms of src that compute with arrays, with the rooms within them. */
const NUMERIC = [
  "convex",
  "data/bytes",
  "design",
  "expr",
  "fit/backtest",
  "fit/inference",
  "fit/large",
  "fit/profile",
  "fit/result",
  "fit/search",
  "fit/starts",
  "gpu",
  "laws/catalog",
  "laws/terms",
  "mixture/certainty",
  "mixture/goal",
  "mixture/sampling",
  "mixture/scaling",
  "mixture/sizes",
  "mixture/solver",
  "mixture/bound",
  "mixture/lattice",
  "random",
  "simulate",
  "solve",
  "stats",
  "validate",
  "wasm/math",
  "wasm/linear",
  "wasm/program",
];
const exempt = ["test/", ...NUMERIC.map((room) => `src/${room}/`)];

/**
 * What the compiler says: an error a line, and lines that go on, which are indented. It is told to
 * use one thread: several check what they have in common several times. What it found of each file
 * it keeps in `.cache`, and checks again only what a change may have touched.
 *
 * @param {string} config
 */
async function tsc(config) {
  const project = ["--project", `${config}.json`];
  const kept = ["--incremental", "--tsBuildInfoFile", `.cache/${config}.tsbuildinfo`];
  const { end, out, err } = await spoken(join(root, "node_modules/.bin/tsc"), [
    "--singleThreaded",
    "--pretty",
    "false",
    ...project,
    ...kept,
  ]);
  if (end === 0) return [];
  const errors = out.split(/\r?\n(?!\s)/).filter((line) => line !== "");
  return errors.length > 0 ? errors : [`tsc failed: ${err === "" ? String(end) : err}`];
}

const [plain, strict] = await Promise.all([tsc("tsconfig"), tsc("tsconfig.indexed")]);
const unchecked = strict.filter((error) => !exempt.some((folder) => error.startsWith(folder)));
// What is wrong in any case is said once.
const errors = plain.length > 0 ? plain : unchecked;
for (const error of errors) console.error(error);
process.exitCode = errors.length === 0 ? 0 : 1;
