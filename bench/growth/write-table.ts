/** Big tables of simulated runs, whose mixtures are all different. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { stream } from "../../src/random/rng.ts";

const SIZES = [2e7, 5e7, 1.2e8, 3e8, 7e8, 1.4e9];

/** Writes the runs, with all digits of their shares: 240 bytes a row of ten domains. */
export async function writeTable(
  path: string,
  asked: { readonly rows: number; readonly domains: number },
): Promise<void> {
  const file = createWriteStream(path);
  const draws = stream(1, 0);
  const domains = Array.from({ length: asked.domains }, (_, i) => i);
  file.write(`n_params,n_tokens,${domains.map((i) => `h_d${i}`).join()},loss\n`);
  for (let row = 0; row < asked.rows; row++) {
    const parts = domains.map((i) => -Math.log(draws.uniform(row, i)));
    const total = parts.reduce((sum, part) => sum + part, 0);
    const shares = parts.map((part) => part / total);
    const n = SIZES[draws.integer(row, 64, SIZES.length)] ?? 1e8;
    const d = Math.round(n * (5 + 20 * draws.uniform(row, 65)));
    const mixed = shares.reduce((sum, h, i) => sum + (0.3 + 0.25 * i) * h ** (0.3 + 0.05 * i), 0);
    const exact = 1.6 + 1 / mixed + 0.5 * (n / 1e8) ** -0.33 + 0.6 * (d / 2e9) ** -0.3;
    const loss = exact * Math.exp(0.005 * draws.normal(row, 66));
    if (!file.write(`${n},${d},${shares.join()},${loss.toPrecision(9)}\n`))
      await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
}
