/** The script of `mixlaw run --print`, run by a shell, gives the files of the job. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { startMixlaw, root, workplace } from "../cli/command.ts";

const place = workplace();

/** A name of signs that shells read otherwise. */
const TABLE = "runs it's $1.csv";

const JOB = `
data:
  tables: "${TABLE}"
  targets: [loss_web, loss_code]
  where: n_params < 2e8
laws: { law: [chinchilla, additive] }
fit: { restarts: 2, bootstrap: 4, backtest: false }
validate: { folds: 2, by: mixture, choose: true }
optimize:
  - { name: small, params: 100M, tokens: 2B, available: tokens.csv, max-epochs: 2, samples: 100, format: { olmo-core: "/data of $ME/{domain}/*.npy", csv: null } }
  - { name: sizes, path: ["params=1e8:1e9:2", "tokens=20x"], samples: 0, out: sizes.csv }
predict: { at: { params: 100M, tokens: 2B, web: 1 } }
report:
backend: cpu
threads: 1
`; // prettier-ignore

/** Files that only the job writes. */
const OWN = ["commands.sh", "job.yaml", "run.json"];

/** A folder, of which the name has a space, with the job and what it reads. */
function jobIn(name: string): string {
  mkdirSync(place.path(name));
  place.write(join(name, TABLE), readFileSync(join(root, "test/simulated/runs.csv"), "utf8"));
  place.write(join(name, "tokens.csv"), "domain,tokens\nweb,1B\ncode,500M\npapers,1B\nbooks,1B\n");
  return place.write(join(name, "job.yaml"), JOB);
}

/** The command as a shell finds it: in a folder of PATH. */
function installed(): string {
  mkdirSync(place.path("bin"));
  const command = `#!/bin/sh\nexec '${process.execPath}' '${join(root, "dist/cli.js")}' "$@"\n`;
  chmodSync(place.write("bin/mixlaw", command), 0o755);
  return place.path("bin");
}

const resultsIn = (name: string): string =>
  place.path(join(name, readdirSync(place.path(name)).find((each) => each.startsWith("job-")) ?? "none")); // prettier-ignore

/** A result without the times that it took. */
const timeless = (path: string): string =>
  readFileSync(path, "utf8").replaceAll(/("timing": ?)\{[^}]*\}/g, "$1{}");

test("a job and the script that it prints give the same files", async () => {
  const job = await startMixlaw(["run", jobIn("the job")]);
  expect([0, 2], job.stderr).toContain(job.code);
  const { stdout: script } = await startMixlaw(["run", jobIn("the script"), "--print"]);
  place.write("the script/all.sh", script);
  const shell = spawnSync("sh", [place.path("the script/all.sh")], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${installed()}${delimiter}${process.env["PATH"] ?? ""}` },
  });
  expect(shell.status, shell.stderr).toBe(0);
  const [byJob, byScript] = [resultsIn("the job"), resultsIn("the script")];
  const files = readdirSync(byJob).filter((name) => !OWN.includes(name));
  expect(files).toEqual(["fit.json", "predicted.csv", "records", "report.html", "sizes.csv", "small-csv.csv", "small-olmo-core.yaml", "small.json", "validation.json"]); // prettier-ignore
  expect(readdirSync(byScript)).toEqual(files);
  for (const name of files.filter((each) => each !== "records"))
    expect(timeless(join(byScript, name)), name).toBe(timeless(join(byJob, name)));
});
