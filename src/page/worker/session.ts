/** The page's work: the table, the fit and the optimum that there are, and what is made of them. */
import { AbortedError, InputError } from "../../base/errors.ts";
import { json } from "../../base/json.ts";
import { type Backend, type Engine, openEngine } from "../../browser.ts";
import { formatOf, TABLE_ENDINGS } from "../../data/table/formats.ts";
import { parseTable } from "../../data/table/parse-table.ts";
import type { Table } from "../../data/table/cells.ts";
import { parseFitFile } from "../../fit/file/parse-fit-file.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import type { Optimum } from "../../mixture/request/optimum.ts";
import type { FitOptions } from "../../options/fit-options.ts";
import type { NamedOptimum } from "../../report/facts/material.ts";
import { reportOf } from "../../report/report.ts";
import { reportHtml } from "../../report/write-report.ts";
import type { CheckedView, Choice, FitChoice, FitView, Following, Machine, OptimumChoice, OptimumView, ReportChange, TableView, Workshop } from "../protocol/workshop.ts"; // prettier-ignore
import { problemIn } from "../protocol/calls.ts";
import { SentReport } from "../protocol/report-change.ts";
import { chosenRuns, lawsNamed, lawViews, rowNotes } from "./choose-runs.ts";
import { describeFit } from "./describe-fit.ts";
import { describeTable } from "./describe-table.ts";
import { optimizeOptions, pricesOf } from "./optimize-options.ts";

/** Files beside the worker's script. */
export interface SessionFiles {
  readonly poolWorker: URL;
  readonly reportApp: URL;
}

export class Session implements Workshop {
  readonly #files: SessionFiles;
  readonly #engines = new Map<Backend, Promise<Engine>>();
  #table: Table | undefined;
  #fit: FitFile | undefined;
  #isInterrupted = false;
  #optimum: Optimum | undefined;
  #sent = new SentReport();

  constructor(files: SessionFiles) {
    this.#files = files;
  }

  async machine(): Promise<Machine> {
    const { adapter, threads } = await (await this.#engine("auto")).describe();
    return { adapter: adapter?.description, threads };
  }

  async open(name: string, buffer: ArrayBuffer): Promise<TableView | FitView> {
    const bytes = new Uint8Array(buffer);
    if (isFitFile(name, bytes)) {
      this.#keep(parseFitFile(new TextDecoder().decode(bytes), name));
      this.#table = undefined;
      return this.#describe();
    }
    this.#table = await parseTable(bytes, formatFor(name), name);
    this.#fit = this.#optimum = undefined;
    return describeTable(this.#table);
  }

  async check(choice: Choice): Promise<CheckedView> {
    const table = this.#tableThere();
    try {
      const runs = chosenRuns(table, choice);
      const { train, test, domains, targets } = runs;
      const [notes, laws] = [rowNotes(runs), lawViews(choice, runs)];
      return { train: train.rows, test: test?.rows ?? 0, domains, targets, notes, laws };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const targets = [...table.columns.keys()].filter((_, c) => choice.roles[c] === "target");
      const none = { train: 0, test: 0, domains: [], notes: [] };
      return { problem: problemIn(error), ...none, targets, laws: lawViews(choice) };
    }
  }

  async fit(choice: Choice, how: FitChoice, { signal, onProgress }: Following): Promise<FitView> {
    const laws = lawsNamed(how.laws);
    const table = this.#tableThere();
    const runs = chosenRuns(table, choice, laws);
    const options = { ...fitOptions(how), ...(signal && { signal }), ...(onProgress && { onProgress }) }; // prettier-ignore
    const engine = await this.#engine(how.backend);
    const { answer, isPartial } = await finished(engine.fit(laws, runs, options));
    if (this.#table !== table) throw new AbortedError(); // another file was opened meanwhile
    this.#keep(answer, isPartial);
    return this.#describe();
  }

  async optimize(choice: OptimumChoice, { signal, onProgress }: Following): Promise<OptimumView> {
    const file = this.#fitThere();
    const options = { ...optimizeOptions(file, choice), ...(signal && { signal }), onProgress: (fraction: number) => onProgress?.({ fraction }) }; // prettier-ignore
    const engine = await this.#engine("auto");
    const { answer: optimum } = await finished(engine.optimize(file, options));
    if (this.#fit !== file) throw new AbortedError(); // there is another fit by now
    this.#optimum = optimum;
    return { optimum, prices: pricesOf(file, choice, optimum), report: await this.views() };
  }

  async views(): Promise<ReportChange> {
    return this.#sent.changeOf(await reportOf(this.#fitThere(), this.#optima()));
  }

  async fitFile(): Promise<string> {
    return `${json(this.#fitThere())}\n`;
  }

  async optimumFile(): Promise<string> {
    if (this.#optimum === undefined) throw new InputError("there is no optimum yet");
    return `${json(this.#optimum)}\n`;
  }

  async report(): Promise<string> {
    const answer = await fetch(this.#files.reportApp);
    if (!answer.ok)
      throw new InputError(`report-app.js, which reports are made with, is not beside the page (${answer.status}): copy the whole folder`); // prettier-ignore
    return reportHtml(await reportOf(this.#fitThere(), this.#optima()), await answer.text());
  }

  /** The engine of a backend, opened when it is first used. */
  async #engine(backend: Backend): Promise<Engine> {
    const opened =
      this.#engines.get(backend) ?? openEngine({ backend, workerScript: this.#files.poolWorker });
    this.#engines.set(backend, opened);
    opened.catch(() => this.#engines.delete(backend)); // another time there may be an adapter
    return opened;
  }

  #keep(file: FitFile, isInterrupted = false): void {
    this.#fit = file;
    this.#isInterrupted = isInterrupted;
    this.#optimum = undefined;
    this.#sent = new SentReport();
  }

  #describe(): FitView {
    const hasTable = this.#table !== undefined;
    return describeFit(this.#fitThere(), { isInterrupted: this.#isInterrupted, hasTable });
  }

  #optima(): NamedOptimum[] {
    return this.#optimum === undefined ? [] : [{ name: "optimum", optimum: this.#optimum }];
  }

  #tableThere(): Table {
    if (this.#table !== undefined) return this.#table;
    throw new InputError("there is no table yet: choose a file first");
  }

  #fitThere(): FitFile {
    if (this.#fit !== undefined) return this.#fit;
    throw new InputError("there is no fit yet: fit laws first, or open a fit file");
  }
}

/** What work came to, or what of it was done when it was stopped. */
async function finished<T>(work: Promise<T>): Promise<{ answer: T; isPartial: boolean }> {
  try {
    return { answer: await work, isPartial: false };
  } catch (error) {
    if (!(error instanceof AbortedError) || error.partial === undefined) throw error;
    return { answer: error.partial as T, isPartial: true };
  }
}

/** Whether a file can be a fit file, and no table: JSON of one object, not of an array. */
function isFitFile(name: string, bytes: Uint8Array): boolean {
  if (!/\.json$/i.test(name)) return false;
  const head = new TextDecoder().decode(bytes.subarray(0, 4000)).trimStart();
  return head.startsWith("{");
}

/** @throws InputError for a file that is no table by its name. */
function formatFor(name: string): ReturnType<typeof formatOf> {
  try {
    return formatOf(name);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${name} is no file that this page reads: tables are ${TABLE_ENDINGS} files, fits the .json files that were saved here or by mixlaw fit`, { file: name }); // prettier-ignore
  }
}

function fitOptions(how: FitChoice): FitOptions {
  const { restarts, loss, delta, residual, signs, seed, bootstrap } = how;
  return {
    ...(restarts === "auto" ? { adaptiveRestarts: true } : { restarts }),
    ...(delta === undefined ? {} : { delta }),
    loss,
    residual,
    signs,
    seed,
    bootstrap,
  };
}
