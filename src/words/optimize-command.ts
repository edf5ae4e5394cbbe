/** The command that repeats an optimum. */
import { csvText } from "../data/write/csv-text.ts";
import { ownOf } from "../base/known.ts";
import type { OptimizeRequest } from "../mixture/request/optimize-options.ts";
import {
  type CommandLine,
  commandLine,
  exactly,
  type Flag,
  fileWord,
  flagOf,
  numberFlag,
  pairsOf,
} from "./command-line.ts";

const CONSTRAINTS = "constraints.json";
const CANDIDATES = "candidates.csv";

/**
 * `mixlaw optimize` with what was asked for. Constraints and candidates are files of their own.
 *
 * @param fit the fit file
 * @param out the file to write
 */
export function optimizeCommand(request: OptimizeRequest, fit: string, out: string): CommandLine {
  const { constraints, candidates } = request;
  const hasConstraints = constraints !== undefined && Object.keys(constraints).length > 0;
  const files = [
    ...(hasConstraints ? [{ name: CONSTRAINTS, text: JSON.stringify(constraints, undefined, 2) }] : []), // prettier-ignore
    ...(candidates === undefined ? [] : [{ name: CANDIDATES, text: candidatesText(candidates) }]),
  ];
  const flags: Flag[] = [
    ...scaleFlags(request),
    ...goalFlags(request),
    ...(hasConstraints ? [["--constraints", CONSTRAINTS] as const] : []),
    ...flagOf("--no-worse", request.noWorse && pairsOf(request.noWorse)),
    ...(request.beyond === true ? [["--beyond"] as const] : []),
    ...flagOf("--solver", request.solver),
    ...numberFlag("--samples", request.samples),
    ...numberFlag("--seed", request.seed),
    ...numberFlag("--epsilon", request.epsilon),
    ...(request.intervals === false ? [["--no-intervals"] as const] : []),
    ...flagOf("--interval-of", request.intervalOf),
    ...numberFlag("--level", request.level),
    ...flagOf("--interval", request.interval),
    ...flagOf("--robust", request.robust),
    ...(candidates === undefined ? [] : [["--candidates", CANDIDATES] as const]),
    ["--out", out],
  ];
  return { line: commandLine(["mixlaw", "optimize", fileWord(fit)], flags), files };
}

const scaleFlags = ({ params, tokens, units, inputs = {} }: OptimizeRequest): Flag[] => [
  ...numberFlag("--params", params),
  ...numberFlag("--tokens", tokens),
  ...flagOf("--units", units),
  ...Object.entries(inputs).map(([name, value]): Flag => ["--input", `${name}=${exactly(value)}`]),
];

const goalFlags = ({ objective, law, reference }: OptimizeRequest): Flag[] => [
  ...flagOf("--objective", typeof objective === "object" ? pairsOf(objective) : objective),
  ...flagOf("--law", typeof law === "object" ? pairsOf(law) : law),
  ...flagOf("--reference", reference && pairsOf(reference)),
];

function candidatesText(candidates: NonNullable<OptimizeRequest["candidates"]>): string {
  const domains = [...new Set(candidates.flatMap(({ weights }) => Object.keys(weights)))];
  return csvText(
    ["name", ...domains.map((domain) => `h_${domain}`)],
    candidates.map(({ name, weights }) => [name, ...domains.map((domain) => ownOf(weights, domain) ?? 0)]), // prettier-ignore
  );
}
