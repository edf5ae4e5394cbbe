/** What the visitor does, and what becomes of it: the state of the page and its changes. */
import { loadSliders, loadViews } from "./load-views.ts";
import { Stopped } from "./protocol/calls.ts";
import { applied } from "./protocol/report-change.ts";
import type { Choice, FitChoice, FitView, OptimumChoice, ReportChange, TableView, Workshop } from "./protocol/workshop.ts"; // prettier-ignore
import { problemOf } from "./controls/problem.tsx";
import { REPLICATES } from "./steps/bootstrap-panel.tsx";
import type { ChosenFile } from "./steps/data-step.tsx";
import { usualFit } from "./steps/fit-choices.ts";
import { advanced, newRun } from "./steps/fit-progress.tsx";
import { EMPTY, firstOptimum, guessedChoice, type PageState, withoutTargets, withSplit } from "./state.ts"; // prettier-ignore

/** Milliseconds that typing and sliding may pause before work begins. */
const PAUSE = 200;

/**
 * The example, and what has to be said of it: its models are tiny, so that counts look like
 * thousands, and rows of the largest size are held out.
 */
const EXAMPLE = {
  name: "example.csv",
  said: { test: "n_params > 5e5", units: { params: "absolute", tokens: "absolute" } },
} as const;

export class Model {
  state: PageState = EMPTY;
  readonly workshop: Workshop;
  readonly #heard = new Set<() => void>();
  /** Counts files, so that what belongs to an earlier one is dropped. */
  #file = 0;
  #checks = 0;
  #fitting: AbortController | undefined;
  #solving: AbortController | undefined;
  #checkPause: ReturnType<typeof setTimeout> | undefined;
  #solvePause: ReturnType<typeof setTimeout> | undefined;

  constructor(workshop: Workshop) {
    this.workshop = workshop;
    workshop
      .machine()
      .then((machine) => this.#set({ machine }))
      .catch((error: unknown) => this.fail(problemOf(error).message));
  }

  /** Calls `hear` after each change, until the function that is returned is called. */
  subscribe(hear: () => void): () => void {
    this.#heard.add(hear);
    return () => void this.#heard.delete(hear);
  }

  /** The worker has failed. */
  fail(fault: string): void {
    this.#set({ fault, isReading: false, run: undefined, isSolving: false });
  }

  async open({ name, read }: ChosenFile, said: Partial<Choice> = {}): Promise<void> {
    const file = ++this.#file;
    this.#fitting?.abort();
    this.#stopSolving();
    this.#set({ isReading: true, fileProblem: undefined });
    try {
      const opened = await this.workshop.open(name, await read());
      if (file !== this.#file) return;
      this.#clear();
      if (opened.kind === "fit") await this.#showFit(opened);
      else await this.#showTable(opened, said);
    } catch (error) {
      if (file !== this.#file) return;
      this.#set({ isReading: false, fileProblem: problemOf(error) });
      await this.#solveAgain();
    }
  }

  openFile = (file: ChosenFile): void => void this.open(file);

  openExample = (): Promise<void> =>
    this.open(
      {
        name: EXAMPLE.name,
        read: async () => {
          const answer = await fetch(EXAMPLE.name);
          if (answer.ok) return answer.arrayBuffer();
          throw new Error(`The example is not beside the page (${answer.status}).`);
        },
      },
      EXAMPLE.said,
    );

  async #showTable(table: TableView, said: Partial<Choice>): Promise<void> {
    const guessed = guessedChoice(table);
    const choice = { ...guessed, ...said };
    this.#set({ table, choice });
    await this.#check();
    const usual = this.state.checked?.laws.filter(({ isUsual }) => isUsual) ?? [];
    this.#set({ how: usualFit(usual.map(({ name }) => name)) });
    // While the visitor looks at the columns, and not when a fit takes the processors.
    loadViews()
      .then(loadSliders)
      .catch(() => undefined); // said where they are shown
  }

  setChoice = (next: Choice): void => {
    const { table, choice } = this.state;
    if (table === undefined || choice === undefined) return;
    this.#set({ choice: withSplit(table, choice, next), fitProblem: undefined });
    clearTimeout(this.#checkPause);
    this.#checkPause = setTimeout(() => void this.#check(), PAUSE);
  };

  async #check(): Promise<void> {
    const { choice } = this.state;
    if (choice === undefined) return;
    const check = ++this.#checks;
    const checked = await this.workshop.check(choice);
    if (check !== this.#checks) return;
    const { how } = this.state;
    const able = checked.laws.filter(({ lacks }) => lacks === "").map(({ name }) => name);
    const laws = how?.laws.filter((name) => able.includes(name)) ?? [];
    const usual = checked.laws.filter(({ isUsual }) => isUsual).map(({ name }) => name);
    this.#set({ checked, ...(how && { how: { ...how, laws: laws.length > 0 ? laws : usual } }) });
  }

  setHow = (how: FitChoice): void => this.#set({ how, fitProblem: undefined });

  setLeftOut = (leftOut: ReadonlySet<string>): void =>
    this.#set({ leftOut, fitProblem: undefined });

  fit = async (bootstrap?: number): Promise<void> => {
    const { table, choice, how, leftOut } = this.state;
    if (table === undefined || choice === undefined || how === undefined) return;
    // A fit of a table that has been closed since is dropped.
    const isOpen = (): boolean => this.state.table === table;
    this.#stopSolving();
    const controller = (this.#fitting = new AbortController());
    this.#set({ run: newRun(), fitProblem: undefined });
    try {
      const fit = await this.workshop.fit(
        withoutTargets(table, choice, leftOut),
        { ...how, ...(bootstrap === undefined ? {} : { bootstrap }) },
        {
          signal: controller.signal,
          onProgress: (progress) => {
            const { run } = this.state;
            if (run !== undefined && isOpen()) this.#set({ run: advanced(run, progress) });
          },
        },
      );
      if (!isOpen()) return;
      this.#set({ run: undefined });
      await this.#showFit(fit);
    } catch (error) {
      if (!isOpen()) return;
      const fitProblem = error instanceof Stopped ? { message: "Stopped before any fit was found." } : problemOf(error); // prettier-ignore
      this.#set({ run: undefined, fitProblem });
      await this.#solveAgain();
    }
  };

  bootstrap = (): Promise<void> => this.fit(REPLICATES);

  stop = (): void => {
    const { run } = this.state;
    if (run !== undefined) this.#set({ run: { ...run, isStopping: true } });
    this.#fitting?.abort();
  };

  async #showFit(fit: FitView): Promise<void> {
    const { fits, optimumChoice: before } = this.state;
    const first = firstOptimum(fit);
    // Limits and sizes stay where the same table is fitted again.
    const isAlike = before?.caps.length === fit.domains.length && before.weights?.length === fit.targets.length; // prettier-ignore
    const optimumChoice = isAlike ? { ...before, law: fit.laws.includes(before.law) ? before.law : first.law } : first; // prettier-ignore
    this.#set({ fit, fits: fits + 1, isReading: false, optimum: undefined, optimumChoice, report: undefined }); // prettier-ignore
    if (fit.hasMixture) return this.#solve();
    await this.#showViews();
  }

  async #showViews(): Promise<void> {
    this.#showChange(await this.workshop.views());
  }

  #showChange(change: ReportChange): void {
    this.#set({ report: applied(this.state.report, change) });
  }

  setOptimum = (optimumChoice: OptimumChoice): void => {
    this.#solving?.abort();
    this.#set({ optimumChoice, isSolving: true, optimumProblem: undefined });
    clearTimeout(this.#solvePause);
    this.#solvePause = setTimeout(() => void this.#solve(), PAUSE);
  };

  /** Solves for what is asked now; an answer to an earlier question is dropped. */
  async #solve(): Promise<void> {
    const { optimumChoice, fit } = this.state;
    if (optimumChoice === undefined) return;
    this.#solving?.abort();
    const controller = (this.#solving = new AbortController());
    const isLatest = (): boolean => this.#solving === controller && !controller.signal.aborted;
    this.#set({ isSolving: true, optimumProblem: undefined });
    try {
      const optimum = await this.workshop.optimize(optimumChoice, { signal: controller.signal });
      if (this.state.fit !== fit) return;
      // Also of a question that is not asked any more: the next change builds on this one.
      this.#showChange(optimum.report);
      if (isLatest()) this.#set({ optimum, isSolving: false });
    } catch (error) {
      if (!isLatest()) return;
      this.#set({ isSolving: false, optimumProblem: problemOf(error) });
      if (this.state.report === undefined) await this.#showViews();
    }
  }

  #stopSolving(): void {
    clearTimeout(this.#solvePause);
    this.#solving?.abort();
  }

  /** Where nothing came in place of the fit before: solves what was stopped. */
  async #solveAgain(): Promise<void> {
    if (this.state.isSolving) await this.#solve();
  }

  /** Forgets what belonged to the last file. Fits are counted on: no two have the same number. */
  #clear(): void {
    const { machine, fault, fits } = this.state;
    this.state = EMPTY;
    this.#set({ machine, fault, fits });
  }

  #set(change: Partial<PageState>): void {
    this.state = { ...this.state, ...change };
    for (const hear of this.#heard) hear();
  }
}
