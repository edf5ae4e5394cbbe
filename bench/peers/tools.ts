/** The programs that peers run in, installed at the first run. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ENVIRONMENT = ".cache/peers";
const REQUIREMENTS = "bench/peers/requirements.txt";
/** The peer that is an npm package, in a folder of its own: mixlaw does not depend on it. */
export const NPM = {
  peer: "npm-lm",
  folder: ".cache/peers-npm",
  package: "ml-levenberg-marquardt@5.1.0",
} as const;

/** Whether the npm package is there, installed if need be. */
export function hasNpmPeer(): boolean {
  if (existsSync(join(NPM.folder, "node_modules", "ml-levenberg-marquardt"))) return true;
  mkdirSync(NPM.folder, { recursive: true });
  writeFileSync(join(NPM.folder, "package.json"), "{}\n");
  const args = [
    "install",
    "--prefix",
    NPM.folder,
    "--no-audit",
    "--no-fund",
    "--silent",
    NPM.package,
  ];
  return (
    spawnSync("npm", args, { encoding: "utf8", shell: process.platform === "win32" }).status === 0
  );
}

/** The Python of an environment with the pinned requirements, or why there is none. */
export function pythonOfPeers():
  | { path: string; why?: undefined }
  | { path?: undefined; why: string } {
  const path = join(ENVIRONMENT, "bin", "python");
  const stamp = join(ENVIRONMENT, "requirements.txt");
  const wanted = readFileSync(REQUIREMENTS, "utf8");
  if (existsSync(path) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted)
    return { path };
  const environment = spawnSync("python3", ["-m", "venv", ENVIRONMENT], { encoding: "utf8" });
  if (environment.error !== undefined) return { why: "there is no python3" };
  if (environment.status !== 0) return { why: "python3 has no venv module" };
  const installed = spawnSync(
    path,
    ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS],
    {
      encoding: "utf8",
    },
  );
  if (installed.status !== 0) return { why: `pip could not install ${REQUIREMENTS}` };
  // With a CUDA card, JAX for it; where that cannot be installed, JAX stays on the CPU.
  const jax = /^jax==(\S+)$/m.exec(wanted)?.[1];
  if (jax !== undefined && spawnSync("nvidia-smi").status === 0)
    spawnSync(path, ["-m", "pip", "install", "--quiet", `jax[cuda12]==${jax}`]);
  writeFileSync(stamp, wanted);
  return { path };
}
