/** Tables without shares, for laws that read the supply: all tokens are of one domain. */
import { expect, test } from "vitest";
import { type DataFlags, prepare } from "../../../src/cli/flags/laws-and-runs.ts";
import { workplace } from "../command.ts";

const { write } = workplace();
const table = write("repeat.csv", "n_params,n_tokens,unique_tokens,seen,loss\n1e8,2e9,1e9,5e8,3\n");
const supplyBy = async (flags: DataFlags): Promise<unknown> =>
  (await prepare([table], { law: "repetition", ...flags })).runs.train.inputs["u[all]"];

test("their supply is the column unique_tokens, the one that --input names, or given", async () => {
  expect(await supplyBy({})).toEqual(Float64Array.of(1e9));
  expect(await supplyBy({ input: { unique_tokens: "seen" } })).toEqual(Float64Array.of(5e8));
  expect(await supplyBy({ available: "all=4e8" })).toEqual(Float64Array.of(4e8));
});

test("without one, and for other laws, they lack shares", async () => {
  const mixed = write("mix.csv", "n_params,n_tokens,mix/a,mix/b,loss\n1e8,2e9,0.5,0.5,3\n");
  await expect(prepare([mixed], { law: "additive-epochs" })).rejects.toThrow(
    /the law additive-epochs needs: say --weights 'mix\/\*' if those columns are the shares/,
  );
  await expect(supplyBy({ law: "additive,repetition" })).rejects.toThrow(/the law additive needs/);
});
