/** Known vulnerabilities of what npm installs with mixlaw, where the registry answers. */
import { spawnSync } from "node:child_process";

/**
 * @param {string} root the repository
 * @returns {{ problems: string[], note: string }} what is of high severity and above
 */
export function audit(root) {
  const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], {
    cwd: root,
    encoding: "utf8",
    timeout: 60_000,
    shell: process.platform === "win32",
  });
  const report = parsed(stdout);
  if (report?.metadata?.vulnerabilities === undefined)
    return { problems: [], note: `audit: left out, the registry does not answer (${report?.message ?? "no answer"})` }; // prettier-ignore
  /** @type {{ name: string, severity: string }[]} */
  const found = Object.values(report.vulnerabilities ?? {});
  const grave = found.filter(({ severity }) => ["high", "critical"].includes(severity));
  return {
    problems: grave.map(({ name, severity }) => `audit: ${name} has a vulnerability (${severity})`),
    note: `audit: ${found.length} known vulnerabilities, ${grave.length} of them high or critical`,
  };
}

/** @param {string | null} text */
function parsed(text) {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
