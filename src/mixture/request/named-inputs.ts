/** Inputs of a request by the names that a fit knows them by: the laws' own, and their columns'. */
import { InputError } from "../../base/errors.ts";
import { ownOf } from "../../base/known.ts";
import { byNames } from "../../base/objects.ts";
import { option } from "../../base/option-text.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import type { OptimizeOptions } from "./optimize-options.ts";

type Columns = Readonly<Record<string, string>>;

/** The column of each input that was named for the fit. */
const columnsOfInputs = ({ data }: Pick<FitFile, "data">): Columns => data.reading?.inputs ?? {};

/** The input that a name or the name of its column means; undefined where that is none. */
export const inputNamed = (file: Pick<FitFile, "data">, name: string): string | undefined =>
  Object.entries(columnsOfInputs(file)).find(([, column]) => column === name)?.[0];

/**
 * The options with inputs by the laws' names where they go by the columns of the fit. A name that
 * an input has is that input's, also where the column of another is called so.
 *
 * @throws InputError where both names of an input are given
 */
export function withInputNames<T extends Pick<OptimizeOptions, "inputs">>(
  file: FitFile,
  options: T,
): T {
  const { inputs } = options;
  const columns = columnsOfInputs(file);
  if (inputs === undefined || Object.keys(columns).length === 0) return options;
  const names = Object.entries(inputs).map(([name, value]) => {
    const input = Object.hasOwn(columns, name) ? undefined : inputNamed(file, name);
    if (input === undefined) return [name, value] as const;
    if (Object.hasOwn(inputs, input))
      throw new InputError(
        `${option(`inputs.${name}`)} and ${option(`inputs.${input}`)} are the same input, which has that column in the fit: give one.`,
        { option: "inputs" },
      );
    return [input, value] as const;
  });
  return { ...options, inputs: byNames(names) };
}

/** How an input is given, by both of its names: "‘inputs.s: VALUE’, or by its column …". */
export function givenBy(file: Pick<FitFile, "data">, input: string): string {
  const column = ownOf(columnsOfInputs(file), input);
  const other =
    column === undefined || column === input
      ? ""
      : `, or by its column in the fit, ${option(`inputs.${column}`, "VALUE")}`;
  return `${option(`inputs.${input}`, "VALUE")}${other}`;
}
