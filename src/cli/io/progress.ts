/** Progress on stderr: a bar for people, JSON lines for programs, nothing otherwise. */
import { Presets, SingleBar } from "cli-progress";
import { namesOf } from "../../base/kinds.ts";
import type { Progress } from "../../node.ts";
import { withFlagNames } from "../../words/option-flags.ts";
import { tell } from "./output.ts";
import { exponential, seconds } from "../../base/format-number.ts";

/** What `--progress` takes. */
export const PROGRESS = { auto: "a bar on a terminal", bar: "", json: "lines", none: "" } as const;
export type ProgressKind = keyof typeof PROGRESS;
export const PROGRESS_KINDS = namesOf(PROGRESS);

export interface Reporter {
  readonly update: (
    progress: Omit<Progress, "stage"> & { readonly stage: Progress["stage"] | "mixture" },
  ) => void;
  /** A sentence for the user, which must not run into the bar. */
  readonly notice: (sentence: string) => void;
  readonly stop: () => void;
}

/** "auto" is a bar on a terminal and nothing elsewhere. */
export function reporter(kind: ProgressKind): Reporter {
  if (kind === "json") return lines();
  if (kind === "bar" || (kind === "auto" && process.stderr.isTTY)) return bar();
  return { update: () => undefined, notice: tell, stop: () => undefined };
}

function lines(): Reporter {
  const write = (value: object): void => void process.stderr.write(`${JSON.stringify(value)}\n`);
  return {
    update: write,
    notice: (sentence) => write({ notice: withFlagNames(sentence) }),
    stop: () => undefined,
  };
}

// A terminal needs no more than ten pictures a second.
const interval = 100;

function bar(): Reporter {
  const options = {
    format: "{bar} {percentage} %  {law}: {stage}{best}{left}",
    barsize: 24,
    fps: 1000 / interval,
    clearOnComplete: true,
    // A signal may end the process while the bar is there: the terminal keeps its cursor, and its
    // wrapping of long lines. The bar is cut to its width.
    hideCursor: false,
    linewrap: true,
  };
  const shown = new SingleBar(options, Presets.shades_classic);
  const began = performance.now();
  let started = false;
  let stopped = false;
  return {
    update({ law, stage, fraction, best }) {
      if (stopped) return;
      const passed = (performance.now() - began) / 1000;
      // Early on, the share done says little about the time that is left.
      const left =
        fraction > 0.05 && passed > 1
          ? `  ${seconds((passed * (1 - fraction)) / fraction)} left`
          : "";
      const payload = {
        law,
        stage,
        best: best === undefined || !Number.isFinite(best) ? "" : `  best ${exponential(best, 3)}`,
        left,
      };
      if (!started) shown.start(100, 0, payload);
      started = true;
      shown.update(Math.floor(100 * fraction), payload);
    },
    notice(sentence) {
      if (started && !stopped) process.stderr.write("\r\u001b[K"); // the bar draws itself again
      tell(sentence);
    },
    stop() {
      if (started && !stopped) shown.stop();
      stopped = true;
    },
  };
}
