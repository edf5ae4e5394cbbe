/** Limits by trained shares, and which bounds of a request take their place. */
import { expect, test } from "vitest";
import type { ConstraintRequest } from "../../../src/mixture/constraints/constraint-kinds.ts";
import { trainedShares } from "../../../src/mixture/constraints/kinds/trained-shares.ts";
import { phaseSpace } from "../../../src/mixture/space/space.ts";

const space = phaseSpace({ names: ["main", "anneal"], domains: ["web", "code"], fractions: [0.8, 0.2] }); // prettier-ignore
const trained = [[0.4, 0.4, 0.05, 0.15]];

/** Names of the limits. */
const limits = (request: ConstraintRequest): (string | undefined)[] =>
  (trainedShares.contribute(false, { space, trained, request } as never).limits ?? []).map(
    ({ name }) => name,
  );

test("are of a domain in each phase, where a cap of the domain or of that share takes their place", () => {
  const all = [
    "trained main/web ≤ 75 %",
    "trained main/code ≤ 75 %",
    "trained anneal/web ≤ 37.5 %",
  ];
  expect(limits({})).toEqual(all);
  expect(limits({ caps: { "main/web": 0.9 } })).toEqual(all.slice(1));
  expect(limits({ caps: { web: 0.9 } })).toEqual([all[1]]);
  expect(limits({ fixed: { code: 0.4 } })).toEqual([all[0], all[2]]);
});
