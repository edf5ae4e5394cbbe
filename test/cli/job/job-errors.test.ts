/** Job files that are refused, with the file, the key, what was expected and the nearest key. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runJob } from "../../../src/cli/job/run.ts";

const folder = mkdtempSync(join(tmpdir(), "mixlaw-job-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "runs.csv"), "n_params\n1\n");

const data = "data: { tables: runs.csv }\n";

test.each([
  ["an unknown section", "dat: {}", /job\.yaml is no job: it has no key "dat"; did you mean "data"\?/],
  ["an unknown key", "data: { weihgts: h_* }", /: data has no key "weihgts"; did you mean "weights"\?/],
  ["a table that is not there", "data: { tables: rums.csv }", /job\.yaml: data\.tables names rums\.csv, which is no file/],
  ["no table", "fit:", /job\.yaml: data\.tables names no table/],
  ["an empty section of data", "data:\nreport:", /job\.yaml: data\.tables names no table/],
  ["a trace that is another's file", `${data}fit: { trace: v.json }\nvalidate: { out: v.json }`, /fit and validate would both write v\.json/],
  ["standard input", "data: { tables: '-' }", /job\.yaml: data\.tables names standard input/],
  ["a number that is none", `${data}fit: { delta: abc }`, /: fit\.delta is "abc"; it must be a number/],
  ["a list where one value is", `${data}fit: { bootstrap: [1, 2] }`, /: fit\.bootstrap is \[1,2\]; it must be a text or a number/],
  ["a switch that is none", `${data}fit: { json: 1 }`, /: fit\.json is 1; it must be true or false/],
  ["a word that is none of a few", `${data}fit: { loss: l1 }`, /: fit\.loss is "l1"; it must be one of huber/],
  ["a count that is too small", `${data}fit: { restarts: 0 }`, /: fit\.restarts is 0; it must be a whole number, 1 or more/],
  ["a quantile that is none", `${data}optimize: { robust: q950 }`, /: optimize\.robust is "q950"; it must be mean, or a quantile from q1 to q99/],
  ["a level of a percent too many", `${data}predict: { level: 95 }`, /: predict\.level is 95; it must be a confidence level between 0 and 1/],
  ["a seed that is none", `${data}fit: { seed: 1.5 }`, /: fit\.seed is 1\.5; it must be a whole number/],
  ["a share that is none", `${data}optimize: { floor: { web: some } }`, /: optimize\.floor is .*; "some" is not a share; write 0\.05 or 5%/],
  ["a share that is a percent", `${data}optimize: [{ cap: { "a,b": 40 } }]`, /: optimize\.0\.cap is .*the cap of a,b is 40; shares are from 0 to 1/],
  ["a share without a domain", `${data}optimize: { at-least-or-zero: 5% }`, /: optimize\.at-least-or-zero is "5%"; .*not of the form domain=share/],
  ["a group without a share", `${data}optimize: { group: web+code }`, /: optimize\.group is "web\+code"; "web\+code" is not of the form domains>=share/],
  ["a ratio of one", `${data}optimize: { ratio: web<=0.5 }`, /: optimize\.ratio is .*not of the form domain\/domain<=number/],
  ["a ball of another kind", `${data}optimize: { trust: l2<=0.5 }`, /: optimize\.trust is .*neither 'l1<=RADIUS'/],
  ["a lattice of one", `${data}optimize: { lattice: 1/1 }`, /: optimize\.lattice is .*the denominator must be a whole number from 2/],
  ["no passes", `${data}optimize: { max-epochs: 0 }`, /: optimize\.max-epochs is 0; it must be a positive number/],
  ["a factor that is none", `${data}optimize: { no-worse: { loss_web: x } }`, /: optimize\.no-worse is .*it must be factors by target/],
  ["an input that is no number", `${data}optimize: { input: { sparsity: much } }`, /: optimize\.input is .*it must be a number/],
  ["in a list of parts", `${data}optimize: [{ params: 7B, tokens: 1x }]`, /: optimize\.0\.tokens is "1x"; it must be a positive number/],
  ["a format", `${data}optimize: { format: [csv, zap] }`, /: optimize\.format\.1 is "zap"; it must be one of table, json/],
  ["a format in a map", `${data}optimize: { format: { nemmo: x } }`, /: optimize\.format has no key "nemmo"; did you mean "nemo"\?/],
  ["infinity", `${data}validate: { deadline: .inf }`, /: validate\.deadline is Infinity; it must be finite/],
  ["a file outside the folder", `${data}optimize: { out: ../x.json }`, /: optimize\.out is "\.\.\/x\.json"; it must be a name without a folder/],
  ["the job's own file", `${data}fit: { out: run.json }`, /: fit\.out is "run\.json"; it must be another name/],
  ["two parts of one name", `${data}optimize: [{ params: 7B }, { name: optimum-1 }]`, /optimize\.0 and optimize\.1 would both write optimum-1\.json/],
  ["an optimum that there is not", `${data}report: { optima: [small] }`, /report\.optima names "small", which is no part of optimize/],
  ["a list", "- data", /job\.yaml is no job: it must be a map of the sections data, laws/],
  ["nothing", "", /job\.yaml is no job: it must be a map/],
  ["no YAML", "a: [b", /job\.yaml is not YAML or JSON/],
  ["a key twice", "data: {}\ndata: {}", /job\.yaml is not YAML or JSON: Map keys must be unique/],
  ["nesting", `fit: ${"[".repeat(300)}`, /nested deeper than 100 levels/],
  ["a bomb of aliases", `a: &a [x, x, x, x, x, x, x, x, x]\n${"bcdefghi".split("").map((c, i) => `${c}: &${c} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(", ")}]`).join("\n")}`, /job\.yaml/],
  ["too much", `data: { where: "${"x".repeat(2 ** 17)}" }`, /bytes of YAML/],
  ["too many parts", `${data}optimize: [${"{},".repeat(1001)}]`, /: optimize is .*at most 1000 \(limit "jobParts"\)/],
])("%s", async (_, text, message) => {
  const path = join(folder, "job.yaml");
  writeFileSync(path, text);
  const before = process.cwd();
  await expect(runJob(path, { print: true })).rejects.toThrow(message);
  expect(process.cwd()).toBe(before);
}); // prettier-ignore
