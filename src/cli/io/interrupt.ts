/**
 * Signals that end the command: the first one stops the work and keeps what was found, the second
 * one ends the process. Where there is nothing to keep, a signal ends the process as it ends any:
 * no handler is there, so that it works at once, whatever the process is busy with.
 */
import { rmSync } from "node:fs";

/** The exit code of a command that a signal has stopped. */
export const INTERRUPTED = 130;

/** Ctrl-C; what `kill`, schedulers and containers send; a terminal that was closed. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What the first signal does; undefined when it has come, or there is nothing to keep. */
let stop: (() => void) | undefined;
/** Unfinished files, which are removed when the process ends. */
const unfinished = new Set<string>();
let isListening = false;

/** Handlers are there while a signal has something to do. */
function listen(): void {
  const isNeeded = stop !== undefined || unfinished.size > 0;
  if (isNeeded === isListening) return;
  for (const signal of SIGNALS) process[isNeeded ? "on" : "off"](signal, onSignal);
  process[isNeeded ? "on" : "off"]("exit", removeUnfinished);
  isListening = isNeeded;
}

function onSignal(): void {
  if (stop === undefined) process.exit(INTERRUPTED);
  const first = stop;
  letSignalsEnd();
  first();
}

function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
}

/** Work that a signal to the process stops. */
export interface Interruption {
  /** Fires at the first signal after `listen`. */
  readonly signal: AbortSignal;
  /**
   * From now on there may be something to keep. What comes before, such as packing a million rows,
   * may keep this thread busy for seconds: a signal ends the process then, at once.
   */
  readonly listen: () => void;
}

/** @param say is told, in a sentence, when a signal stops the work */
export function interruption(say: (sentence: string) => void): Interruption {
  const controller = new AbortController();
  let isNew = true;
  return {
    signal: controller.signal,
    listen: () => {
      if (!isNew) return;
      isNew = false;
      stop = () => {
        controller.abort();
        say("stopping, with what was found so far (Ctrl-C again to leave at once)");
      };
      listen();
    },
  };
}

/** From now on the next signal ends the process: there is nothing more to keep. */
export function letSignalsEnd(): void {
  stop = undefined;
  listen();
}

/** A file that is to be removed if the process ends before the returned function is called. */
export function removedIfEnded(path: string): () => void {
  unfinished.add(path);
  listen();
  return () => {
    unfinished.delete(path);
    listen();
  };
}
