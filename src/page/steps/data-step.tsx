/** The first step: a file by button, drop or keyboard, or the example. */
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ProblemLine } from "../controls/problem.tsx";
import { Step } from "../controls/step.tsx";
import type { Problem } from "../protocol/workshop.ts";

/** A file that was chosen. */
export interface ChosenFile {
  readonly name: string;
  readonly read: () => Promise<ArrayBuffer>;
}

export function DataStep({
  current,
  isBusy,
  problem,
  onFile,
  onExample,
}: {
  /** What is open, in a line; undefined for nothing. */
  readonly current: string | undefined;
  readonly isBusy: boolean;
  readonly problem: Problem | undefined;
  readonly onFile: (file: ChosenFile) => void;
  readonly onExample: () => void;
}): VNode {
  // prettier-ignore
  const isOver = useDroppedFile(onFile);
  const choose = (files: FileList | null): void => {
    const [file] = files ?? [];
    if (file !== undefined) onFile(chosen(file));
  };
  return (
    <Step id="data" title="1. Runs">
      <div class={isOver ? "drop over" : "drop"}>
        <p>
          Drop a table of training runs here (CSV, TSV, JSON, JSONL or Parquet), or a fit file that
          was saved before.
        </p>
        <div class="row">
          <input
            id="file"
            class="unseen"
            type="file"
            accept=".csv,.tsv,.tab,.json,.jsonl,.ndjson,.parquet,.gz,.zst"
            aria-describedby="privacy"
            onChange={({ currentTarget }) => {
              choose(currentTarget.files);
              currentTarget.value = ""; // the same file can be chosen again
            }}
          />
          <label for="file" class="button primary">
            Choose a file
          </label>
          <button type="button" onClick={onExample}>
            Take the example
          </button>
        </div>
        <p class="hint" id="privacy">
          Nothing is uploaded: the file is read, fitted and kept in this tab alone.
        </p>
      </div>
      <p class="status" role="status">
        {isBusy ? "Reading…" : (current ?? "")}
      </p>
      <ProblemLine problem={problem} />
    </Step>
  );
}

const chosen = (file: File): ChosenFile => ({
  name: file.name,
  read: () => file.arrayBuffer(),
});

/** Takes files that are dropped anywhere on the page; tells whether one hovers over it. */
function useDroppedFile(onFile: (file: ChosenFile) => void): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      event.preventDefault();
      setOver(true);
    };
    const leave = ({ relatedTarget }: DragEvent): void => {
      if (relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file !== undefined) onFile(chosen(file));
    };
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, [onFile]);
  return isOver;
}
