/** Runs of an additive law with two targets, for validations. */
import { laws } from "../../src/laws/catalog/catalog.ts";
import { draw } from "../fit/fixture.ts";

const drawn = draw(laws.additive, {
  domains: 3,
  mixtures: 24,
  noise: 4e-3,
  targets: 2,
  sizes: [1e8, 3e8, 1e9],
  tokens: [2e9, 2e10],
  seed: 8,
  zeros: false,
});
export const { runs } = drawn;
