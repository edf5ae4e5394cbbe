/**
 * `mixlaw fit --nist`: a reference problem from each of its starts and at random, beside what is
 * certified.
 */
import { formulaOf, parseNist } from "../../formula-tables/nist-file.ts";
import type { FitOptions } from "../../options/fit-options.ts";
import {
  type Comparison,
  fitReference,
  type From,
  referenceProblem,
  type ReferenceProblem,
} from "../../formula-tables/nist-reference.ts";
import type { Engine } from "../../node.ts";
import { json } from "../io/json.ts";
import { left, right, table, wrap } from "../text/layout.ts";
import { print, style, width } from "../io/output.ts";
import { readBytes } from "../../node/read-file.ts";
import { count } from "../../base/wording.ts";
import { exponential, fixed, number } from "../../base/format-number.ts";

/** Reads a problem; without a formula the header's own model is taken. */
export async function nistProblem(
  path: string,
  formula: string | undefined,
): Promise<ReferenceProblem> {
  const reference = await parseNist(await readBytes(path), path);
  return referenceProblem(reference, formula ?? formulaOf(reference.model));
}

/** Fits from every start and at random; prints; returns the exit code. */
export async function compareNist(
  problem: ReferenceProblem,
  engine: Engine,
  options: FitOptions,
  asJson: boolean,
): Promise<number> {
  const { reference, formula } = problem;
  const starts: From[] = [...reference.parameters[0].starts.map((_, i) => i + 1), "random"];
  const found: Comparison[] = [];
  for (const from of starts)
    found.push(
      await fitReference(
        problem,
        from,
        (law, runs, asked) => engine.fit(law, runs, asked),
        options,
      ),
    );
  if (asJson)
    print(
      json({
        schema: "mixlaw/nist@1",
        problem: reference.name,
        source: reference.table.source,
        formula,
        results: found,
      }),
    );
  else print(report(problem, found));
  return found.some(({ fit }) => fit.search.status === "not-converged") ? 2 : 0;
}

const NUMBER = 11;

function report(
  { reference, formula, runs }: ReferenceProblem,
  found: readonly Comparison[],
): string {
  const { degreesOfFreedom, residualSd, residualSumOfSquares } = reference;
  const best = found.reduce((a, b) => (b.fit.objective < a.fit.objective ? b : a));
  const s = style();
  const what = `${count(runs.train.rows, "row")} · ${count(reference.parameters.length, "parameter")} · squared loss · ${count(degreesOfFreedom, "degree")} of freedom`;
  const parameters = table(
    [
      left(""),
      right("fitted", "value"), right("certified", "value"), right("digits", "value"),
      right("fitted", "standard deviation"), right("certified", "standard deviation"), right("digits", "standard deviation"),
    ], // prettier-ignore
    [
      ...best.parameters.map((p) => [
        p.name, exponential(p.value, NUMBER - 1), exponential(p.certified, NUMBER - 1), fixed(p.digits, 1),
        p.standardError === null ? "–" : exponential(p.standardError, NUMBER - 1), exponential(p.certifiedDeviation, NUMBER - 1), fixed(p.deviationDigits, 1),
      ]),
      ["residual sd", best.residualSd === null ? "–" : exponential(best.residualSd, NUMBER - 1), exponential(residualSd, NUMBER - 1), fixed(best.residualSdDigits, 1)],
    ], // prettier-ignore
  );
  const starts = table(
    [
      left("from"),
      right("parameters"),
      right("deviations"),
      right("residual SS / certified"),
      right("agreed"),
    ],
    found.map(({ from, digits, deviationDigits, exchanged: moved, fit }) => [
      `${from === "random" ? `random (${fit.search.starts})` : `Start ${from}`}${moved ? "*" : ""}`,
      fixed(digits, 1),
      fixed(deviationDigits, 1),
      number((fit.objective * 2 * runs.train.rows) / residualSumOfSquares, 6),
      `${fit.search.reachedBest}/${fit.search.starts}`,
    ]),
  );
  const star = found.some(({ exchanged }) => exchanged)
    ? " *: found with terms of the same form in each other's place, and put in the certified order."
    : "";
  const legend = wrap(
    "digits: correct significant digits, of the 11 that are certified; by start the fewest. random: in ranges of a factor 10 around the certified values." +
      star,
    width(),
  );
  return [
    `${s.bold(reference.name)}  ${formula}\n${s.dim(what)}`,
    parameters,
    starts,
    s.dim(legend),
  ].join("\n\n");
}
