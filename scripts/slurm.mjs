/**
 * A Slurm of one node on this machine, for tests and for trying things: a controller, a node and
 * munge on loopback, with ports, keys and files of their own in a temporary folder. It touches no
 * other Slurm, needs neither systemd nor cgroups, and ends without a trace.
 *
 *     node scripts/slurm.mjs              says which there is; installs Debian's when there is none
 *     node scripts/slurm.mjs COMMAND...   runs COMMAND in a Slurm of its own: sbatch, squeue, ...
 *
 * MIXLAW_NO_INSTALL=1   nothing is installed
 * REQUIRE_SLURM=1       no Slurm is an error
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { aptGet, obstacle } from "./packages.mjs";

const DAEMONS = {
  munged: "/usr/sbin/munged",
  slurmctld: "/usr/sbin/slurmctld",
  slurmd: "/usr/sbin/slurmd",
};

/** Seconds until the node must be ready. */
const PATIENCE = 30;

/** What is missing of a Slurm here; undefined when it is all there. */
export function missingSlurm() {
  const paths = [...Object.values(DAEMONS), "/usr/bin/sbatch"];
  const missing = paths.filter((path) => !existsSync(path));
  return missing.length === 0
    ? undefined
    : `${missing.join(", ")} not found; on Debian: apt-get install slurm-wlm munge`;
}

/**
 * @typedef {object} Slurm
 * @property {NodeJS.ProcessEnv} env the environment in which sbatch, squeue and scontrol find it
 * @property {() => Promise<void>} stop ends its jobs and its daemons, and removes its files
 */

/**
 * Starts a Slurm. Jobs run as the user who started it.
 *
 * @param {object} [size]
 * @param {number} [size.cpus] how many tasks of one core run at a time, whatever the cores here
 * @param {number} [size.maxArraySize] Slurm's MaxArraySize: indices in an array job are below it
 * @returns {Promise<Slurm>}
 */
export async function startSlurm({ cpus = 4, maxArraySize = 1001 } = {}) {
  const missing = missingSlurm();
  if (missing !== undefined) throw new Error(missing);
  const folder = mkdtempSync(join(tmpdir(), "slurm-"));
  const isOfSlurm = (/** @type {string} */ name) => /^(SLURM|SBATCH)_/.test(name);
  const others = Object.entries(process.env).filter(([name]) => !isOfSlurm(name));
  const env = { ...Object.fromEntries(others), SLURM_CONF: join(folder, "slurm.conf") };
  mkdirSync(join(folder, "state"));
  mkdirSync(join(folder, "spool"));
  writeFileSync(join(folder, "munge.key"), randomBytes(128), { mode: 0o400 });
  writeFileSync(env.SLURM_CONF, await configuration(folder, { cpus, maxArraySize }));
  /** @type {import("node:child_process").ChildProcess[]} */
  const daemons = [];
  const start = (/** @type {keyof typeof DAEMONS} */ name, /** @type {string[]} */ ...flags) =>
    daemons.push(spawn(DAEMONS[name], flags, { cwd: folder, env, stdio: "ignore" }));
  const stop = async () => {
    spawnSync("scancel", ["--quiet", "--user", userInfo().username], { env, timeout: 10_000 });
    await sleep(200);
    for (const daemon of daemons.toReversed()) await ended(daemon);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    start("munged", "--foreground", "--force", ...mungePaths(folder));
    await until(() => existsSync(join(folder, "munge.socket")), "munged", folder);
    start("slurmctld", "-D");
    start("slurmd", "-D");
    const isIdle = () => {
      const { stdout } = spawnSync("sinfo", ["-h", "-o", "%T"], { env, timeout: 5000 });
      return stdout.toString().trim() === "idle";
    };
    await until(isIdle, "the node", folder);
  } catch (error) {
    await stop();
    throw error;
  }
  return { env, stop };
}

/**
 * slurm.conf. What in it is not obvious:
 * - `cred_expire`: a requeued job waits that long before it starts again, 120 s by default. Less
 *   than 5 s is ignored, and a node refuses a job that is made to start sooner, within the second
 *   in which it ended ("Job credential revoked");
 * - `config_overrides`: the node has as many CPUs as is said, not as many as the machine;
 * - `proctrack/linuxproc`, `task/none`: no cgroups, which a container may not have.
 *
 * @param {string} folder
 * @param {{ cpus: number, maxArraySize: number }} size
 */
async function configuration(folder, { cpus, maxArraySize }) {
  const host = hostname().split(".")[0];
  const { username } = userInfo();
  const [controller, node] = await freePorts(2);
  return `ClusterName=mixlaw
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${node}
SlurmUser=${username}
SlurmdUser=${username}
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket,cred_expire=5
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_interval=2
ReturnToService=2
KillWait=5
MaxArraySize=${maxArraySize}
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${cpus} State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

/** @param {string} folder */
const mungePaths = (folder) => [
  `--socket=${folder}/munge.socket`,
  `--key-file=${folder}/munge.key`,
  `--pid-file=${folder}/munge.pid`,
  `--log-file=${folder}/munge.log`,
  `--seed-file=${folder}/munge.seed`,
];

/** Ports that nobody listens on, found by listening on all of them at once.
 * @param {number} count */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(
    servers.map((server) => new Promise((resolve) => server.once("listening", resolve))),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" ? address?.port : undefined;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Waits until something is so; the daemons' logs say why it is not.
 * @param {() => boolean} isSo
 * @param {string} what
 * @param {string} folder */
async function until(isSo, what, folder) {
  for (let tenths = 0; tenths < 10 * PATIENCE; tenths++) {
    if (isSo()) return;
    await sleep(100);
  }
  const logs = ["munge.log", "slurmctld.log", "slurmd.log"]
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, "utf8").split("\n").slice(-15).join("\n"));
  throw new Error(`${what} is not ready after ${PATIENCE} s\n${logs.join("\n")}`);
}

/** Ends a daemon: by request, then by force.
 * @param {import("node:child_process").ChildProcess} daemon */
async function ended(daemon) {
  if (daemon.exitCode !== null || daemon.signalCode !== null || daemon.pid === undefined) return;
  const exit = new Promise((resolve) => daemon.once("exit", resolve));
  daemon.kill("SIGTERM");
  const force = setTimeout(() => daemon.kill("SIGKILL"), 10_000);
  await exit;
  clearTimeout(force);
}

/** Says which Slurm there is, after installing it where it may. */
function ensureSlurm() {
  let missing = missingSlurm();
  const why = obstacle();
  if (missing !== undefined && why === undefined) {
    console.log("slurm: installing slurm-wlm and munge ...");
    aptGet("update");
    aptGet("install", "--no-install-recommends", "slurm-wlm", "munge");
    missing = missingSlurm();
  }
  if (missing === undefined)
    return console.log(execFileSync(DAEMONS.slurmctld, ["-V"], { encoding: "utf8" }).trim());
  const required = process.env["REQUIRE_SLURM"] === "1";
  console.log(
    `slurm: ${missing}${why === undefined ? "" : `; ${why}`}. ${required ? "REQUIRE_SLURM is set: this is an error." : "The tests on Slurm will be skipped."}`,
  );
  if (required) process.exitCode = 1;
}

/** Runs a command in a Slurm of its own.
 * @param {string} name
 * @param {string[]} rest */
async function within(name, rest) {
  const slurm = await startSlurm();
  process.on("SIGINT", () => undefined); // the command gets it too, and ends
  const child = spawn(name, rest, { env: slurm.env, stdio: "inherit" });
  const code = await new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(`slurm: ${error.message}`);
      resolve(1);
    });
    child.once("exit", (status) => resolve(status ?? 1));
  });
  await slurm.stop();
  process.exitCode = code;
}

if (process.argv[1] === import.meta.filename) {
  const [, , name, ...rest] = process.argv;
  if (name === undefined) ensureSlurm();
  else await within(name, rest);
}
