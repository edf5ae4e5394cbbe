/** Targets with made-up fits, for Monte Carlo. */
import type { Law } from "../../../src/laws/law.ts";
import type { Term } from "../../../src/mixture/goal/surface.ts";
import { bound, start } from "../../laws/fixture.ts";

export const AT = { params: 7e9, tokens: 150e9 };

/** `targets` fits of a law with k domains, of equal weight. */
export const madeUp = (law: Law, k: number, targets: number): Term[] =>
  Array.from({ length: targets }, (_, t) => {
    const of = bound(law, k, "positive");
    return { fitted: { law: of, theta: start(of, t + 1) }, weight: 1 / targets };
  });
