/** Flags that name a file or a folder: one, so that none is left out in silence. */
import type { Command } from "commander";
import { InputError } from "../../base/errors.ts";

/** Throws the InputError for a flag of one value that is given again. */
export function refuseSecond(flag: string, before: string, text: string): void {
  throw new InputError(
    `${flag} is given twice, as ${JSON.stringify(before)} and ${JSON.stringify(text)}; it takes one value: leave one out`,
  );
}

/** Lets each flag of a command that names a file or a folder be given once. */
export function takeFilesOnce(command: Command): void {
  for (const option of command.options) {
    if (option.parseArg !== undefined || !/<(FILE|DIR|FIT)>/.test(option.flags)) continue;
    option.argParser((text: string, before?: string) => {
      if (before !== undefined && command.getOptionValueSource(option.attributeName()) === "cli")
        refuseSecond(option.long ?? option.flags, before, text);
      return text;
    });
  }
}
