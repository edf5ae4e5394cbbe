/** Fits of a law examined target by target, in whichever thread is free. */
import type { Runs } from "../../data/runs/run-set.ts";
import { bindRecipe, type LawRecipe } from "../../laws/catalog/law-recipe.ts";
import type { FitSettings } from "../../options/fit-options.ts";
import type { SharedWork } from "../search/shared-work.ts";
import { finish } from "../../solve/iterate.ts";
import { examineFit, type FitFacts, type FoundFit } from "./examine-fit.ts";

/** What the fits of a law have in common beside their problem. */
export interface ExaminedLaw {
  readonly law: LawRecipe;
  readonly runs: Runs;
  readonly settings: FitSettings;
}

/** A fit of it that knows of no other. */
export type ExaminedTarget = Pick<FoundFit, "target" | "scale" | "best">;

export const examining: SharedWork<ExaminedLaw, ExaminedTarget, FitFacts> = {
  name: "examine a fit",
  begin: ({ law: recipe, runs, settings }, problemOf) => {
    const [law, problem] = [bindRecipe(recipe), problemOf()];
    return (fit) => finish(examineFit({ law, problem, runs, settings, ...fit }));
  },
};
