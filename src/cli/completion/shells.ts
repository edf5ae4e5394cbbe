/**
 * How shells complete mixlaw: a function that asks the command itself what can stand at the end of
 * the line, and hands the answer on. The answer's first line is its kind, each further line a word.
 * No shell evaluates a word: names of columns are as hostile as the files that they are from.
 */
import { complete, type Names, wordsOfLine } from "./complete.ts";
import type { Command } from "commander";

/** The shells, each with the script that it reads at its start. */
export const SCRIPTS = {
  bash: `# mixlaw: completion for bash 4 and later. In ~/.bashrc: eval "$(mixlaw completion bash)"
_mixlaw() {
  local lines
  mapfile -t lines < <(command mixlaw completion bash -- "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
  COMPREPLY=("\${lines[@]:1}")
  case \${lines[0]} in
    files) compopt -o default ;;
    folders) compopt -o dirnames ;;
  esac
  if [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
}
complete -F _mixlaw mixlaw
`,
  zsh: `#compdef mixlaw
# mixlaw: completion for zsh. In ~/.zshrc after compinit: eval "$(mixlaw completion zsh)"
_mixlaw() {
  local line
  local -a lines words_ about
  lines=("\${(@f)$(command mixlaw completion zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  [[ $lines[1] == *= ]] && compset -P '*='
  case \${lines[1]%% *} in
    files) _files; return ;;
    folders) _files -/; return ;;
  esac
  for line in "\${(@)lines[2,-1]}"; do
    words_+=("\${line%%$'\\t'*}")
    about+=("\${line/$'\\t'/  }")
  done
  if (( $#words_ == 1 )) && [[ $words_[1] == *= ]]; then compadd -S '' -a words_
  else compadd -l -d about -a words_
  fi
}
if [[ \${funcstack[1]} == _mixlaw ]]; then _mixlaw "$@"; else compdef _mixlaw mixlaw; fi
`,
  fish: `# mixlaw: completion for fish. Once: mixlaw completion fish > ~/.config/fish/completions/mixlaw.fish
function __mixlaw_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    set -a words "$last"
    set -l lines (command mixlaw completion fish -- $words[2..-1] 2>/dev/null)
    switch "$lines[1]"
        case 'files*'
            __fish_complete_path (commandline -ct)
        case 'folders*'
            __fish_complete_directories (commandline -ct) ''
        case '*'
            printf '%s\\n' $lines[2..-1]
    end
end
complete -c mixlaw -f -a '(__mixlaw_complete)'
`,
} as const;

/** A shell whose completion there is. */
export type Shell = keyof typeof SCRIPTS;

/**
 * What a shell's function is answered.
 *
 * @param words what the function asks with: of bash the line up to the cursor, of others its words
 *   after "mixlaw", without quotes
 */
export async function answer(
  program: Command,
  shell: Shell,
  words: readonly string[],
  names: Names,
): Promise<string> {
  if (shell === "bash") return forBash(program, words[0] ?? "", names);
  // fish gives the last word as it is typed, zsh without escapes and quotes that are closed.
  const last = words.at(-1) ?? "";
  const typed = shell === "fish" ? wordsOfLine(last).words.join(" ") : last.replace(/^['"]/, "");
  const completion = await complete(program, [...words.slice(0, -1), typed], names);
  const lines = completion.words.map(({ word, about }) =>
    about === "" ? word : `${word}\t${about}`,
  );
  return [`${completion.kind} ${completion.before}`.trim(), ...lines, ""].join("\n");
}

/** Signs that may mean something to bash, wherever they stand. */
const SPECIAL = /[^\p{L}\p{N}_.,/:=@%+-]/gu;
/** What ends a word for bash's readline, which replaces only what follows it. */
const BREAKS = /^.*[=:]/;

async function forBash(program: Command, line: string, names: Names): Promise<string> {
  const { words, quote } = wordsOfLine(line);
  const last = words.at(-1) ?? "";
  const { kind, words: candidates } = await complete(program, words.slice(1), names);
  const kept = quote === "" ? (BREAKS.exec(last)?.[0].length ?? 0) : 0;
  const lines = candidates
    .map(({ word }) => quoted(word.slice(kept), quote))
    .filter((word) => word !== undefined);
  return [kind, ...lines, ""].join("\n");
}

/** A word as it stands in a line of bash; undefined where it cannot stand between such quotes. */
function quoted(word: string, quote: string): string | undefined {
  if (quote === "'") return word.includes("'") ? undefined : word;
  if (quote === '"') return /["$`\\!]/.test(word) ? undefined : word;
  return word.replace(SPECIAL, "\\$&");
}
