/** `mixlaw completion`: what makes a shell complete mixlaw's words. */
import { Argument, type Command } from "commander";
import { NAMES } from "../completion/names.ts";
import { answer, SCRIPTS, type Shell } from "../completion/shells.ts";
import { endHelp } from "../io/help.ts";

const EXAMPLES = `
What is completed: commands, flags, the words that a flag takes, files, laws, adapters, the columns of the table on
the line, and the domains and targets of the fit. See docs/completion.md.

Examples:
  eval "$(mixlaw completion bash)"                                  in ~/.bashrc
  eval "$(mixlaw completion zsh)"                                   in ~/.zshrc, after compinit
  mixlaw completion fish > ~/.config/fish/completions/mixlaw.fish   once`;

export function addCompletion(program: Command): void {
  const command = program
    .command("completion")
    .summary("print what makes bash, zsh or fish complete commands, flags and names")
    .description("Prints a script that makes a shell complete mixlaw's commands, flags and names.")
    .addArgument(new Argument("<SHELL>", "the shell").choices(Object.keys(SCRIPTS)))
    .argument("[WORDS...]", "asked by the script: what is typed so far");
  endHelp(command, EXAMPLES).action(async (shell: Shell, words: readonly string[]) => {
    const text = words.length === 0 ? SCRIPTS[shell] : await answer(program, shell, words, NAMES);
    process.stdout.write(text);
  });
}
