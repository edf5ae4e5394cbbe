/**
 * Fits and optima that reports are made of for the tests in a browser and for the pictures: tables
 * of several shapes, each with the commands that lead to its report. Files are made once in a
 * folder and found there the next time.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import papaparse from "papaparse";
import { FIT, OPTIMUM } from "../example.mjs";

const root = dirname(dirname(import.meta.dirname));
const data = resolve(root, process.env["MIXLAW_DATA"] ?? "../shared/data");

/**
 * @typedef {object} Material
 * @property {(folder: string) => string} table the table of runs, which may be written to a folder
 * @property {string[]} fit flags of `mixlaw fit`
 * @property {Record<string, string[]>} optima flags of `mixlaw optimize`, by the optimum's name
 * @property {(folder: string) => string} [candidates] the table of mixtures that they are compared
 *   with, which is written to a folder
 */

/** From the root, where commands run: reports name the path. */
const EXAMPLE = "examples/runs.csv";
const SIMULATED = "test/simulated/runs.csv";

/** Names of domains and targets that must stay text, by the column that gets them. */
const HOSTILE = {
  h_web: `h_<img src=x onerror="globalThis.wasHit=1">`,
  h_code: `h_"quoted" 'name', & </script><script>globalThis.wasHit=1</script>`,
  h_papers: `h_${"a very long name ".repeat(12)}`.slice(0, 202),
  h_books: "h___proto__",
  loss_web: "loss_<svg onload='globalThis.wasHit=1'>",
  loss_code: "loss_كتب عربية",
  loss_general: "loss_constructor",
};

/** @satisfies {Record<string, Material>} */
export const MATERIALS = {
  // Five domains, seven targets, held-out rows, a bootstrap.
  example: {
    table: () => EXAMPLE,
    fit: FIT,
    optima: { optimum: OPTIMUM },
  },
  // Four domains, three targets, three laws, of which the truth is one.
  simulated: {
    table: () => SIMULATED,
    fit: [
      ...flags("--law simple,additive,joint --bootstrap 100 --group mixture_id --test"),
      "n_params >= 7e8",
    ],
    optima: { optimum: flags("--params 700M --tokens 14B") },
  },
  // The runs of the paper: seven domains, eight targets, three laws.
  slimpajama7: {
    table: () => join(data, "slimpajama7.csv"),
    fit: [
      ...flags("--law simple,additive,joint --bootstrap 1000 --group mixture_id"),
      "--where",
      "split == 'train' and duplicate_checkpoint == 0",
      "--test",
      "split == 'eval'",
    ],
    optima: { optimum: flags("--law joint --params 3B --tokens 60B") },
  },
  // Three domains: a triangle.
  triangle: {
    table: drawnTable,
    fit: flags("--law additive --targets loss_web,loss_books --bootstrap 60 --group mixture_id"),
    optima: { optimum: flags("--params 2B --tokens 40B --reference web=0.6,code=0.2,books=0.2") },
  },
  // Seventeen domains of one size, most shares 0.
  regmix17: {
    table: () => join(data, "regmix17.csv"),
    fit: [
      ...flags("--law mixture --targets loss_arxiv,loss_pile_cc --bootstrap 60 --restarts 64"),
      "--where",
      "split == 'train_1m'",
      "--test",
      "split == 'test_1m'",
    ],
    optima: { optimum: [] },
  },
  // Twenty-four domains with long names, no sizes.
  olmix24: {
    table: () => join(data, "olmix24.csv"),
    fit: flags("--law log-linear --targets bpb_mean,bpb_hellaswag_rc_olmes --restarts 64"),
    optima: { optimum: [] },
  },
  // No domains.
  chinchilla: {
    table: () => join(data, "chinchilla.csv"),
    fit: [
      ...flags("--law chinchilla,kaplan --targets loss --residual log --bootstrap 200"),
      "--where",
      "outlier == 0",
    ],
    optima: {},
  },
  // The example under names that try to be markup, or to break the layout.
  hostile: {
    table: (folder) => renamedRuns(folder, HOSTILE),
    fit: flags("--law additive --bootstrap 20 --restarts 8 --no-backtest"),
    optima: { optimum: flags("--params 2B --tokens 40B --cap __proto__=0.4") },
    candidates: hostileCandidates,
  },
};

/** @param {string} text */
function flags(text) {
  return text.split(" ");
}

/** A table with three domains, drawn into a folder.
 * @param {string} folder */
function drawnTable(folder) {
  const path = join(folder, "runs.csv");
  mixlaw([...flags("simulate --domains web,code,books --mixtures 24 --seed 5"), "--out", path]);
  return path;
}

/** The simulated runs with other names of columns.
 * @param {string} folder @param {Readonly<Record<string, string>>} names */
function renamedRuns(folder, names) {
  const rows = papaparse.parse(readFileSync(join(root, SIMULATED), "utf8").trim()).data;
  const [header = [], ...cells] = /** @type {string[][]} */ (rows);
  const path = join(folder, "runs.csv");
  writeFileSync(path, papaparse.unparse([header.map((name) => names[name] ?? name), ...cells]));
  return path;
}

/** Mixtures of the hostile domains, under names that try the same.
 * @param {string} folder */
function hostileCandidates(folder) {
  const { h_web, h_code, h_papers, h_books } = HOSTILE;
  const path = join(folder, "candidates.csv");
  const rows = [
    ["name", h_web, h_code, h_papers, h_books],
    ["<img src=x onerror='globalThis.wasHit=1'>", 0.4, 0.3, 0.2, 0.1],
    ["__proto__", 0, 0, 0, 1],
    ["n".repeat(202), 0.1, 0.2, 0.3, 0.4],
  ];
  writeFileSync(path, papaparse.unparse(rows));
  return path;
}

/**
 * Runs the built command; throws what it said when it failed. An optimum that is not to be relied
 * on (exit status 2) is a file like any other.
 * @param {readonly string[]} words */
export function mixlaw(words) {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "dist/cli.js"), ...words], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, FORCE_COLOR: "0" },
  });
  if (status !== 0 && status !== 2) throw new Error(`mixlaw ${words.join(" ")}\n${stderr}`);
}

/**
 * The fit file and the optima of a material, made where they are not there yet.
 * @param {Material} material @param {string} folder */
export function filesOf({ table, fit, optima, candidates }, folder) {
  mkdirSync(folder, { recursive: true });
  const made = (/** @type {string} */ name, /** @type {() => string[]} */ words) => {
    const path = join(folder, `${name}.json`);
    if (!existsSync(path)) mixlaw([...words(), "--out", path]);
    return path;
  };
  const fitFile = made("fit", () => ["fit", table(folder), ...fit]);
  const compared = () => (candidates === undefined ? [] : ["--candidates", candidates(folder)]);
  const optimumFiles = Object.entries(optima).map(([name, words]) =>
    made(name, () => ["optimize", fitFile, ...words, ...compared()]),
  );
  return { fit: fitFile, optima: optimumFiles };
}

/**
 * The report of a material, always made anew.
 * @param {Material} material @param {string} folder */
export function reportOf(material, folder) {
  const { fit, optima } = filesOf(material, folder);
  const path = join(folder, "report.html");
  mixlaw(["report", fit, ...optima, "--out", path]);
  return { path, fit, optima };
}
