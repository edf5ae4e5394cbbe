/** The commands as commander has them, without running any. */
import type { Command } from "commander";
import { addCheck } from "../../src/cli/commands/check.ts";
import { addCompletion } from "../../src/cli/commands/completion.ts";
import { addDesign } from "../../src/cli/commands/design.ts";
import { addDoctor } from "../../src/cli/commands/doctor.ts";
import { addExport } from "../../src/cli/commands/export.ts";
import { addFit } from "../../src/cli/commands/fit.ts";
import { addLaws } from "../../src/cli/commands/laws.ts";
import { addOptimize } from "../../src/cli/commands/optimize.ts";
import { addPage } from "../../src/cli/commands/page.ts";
import { addPredict } from "../../src/cli/commands/predict.ts";
import { addReport } from "../../src/cli/commands/report.ts";
import { addSimulate } from "../../src/cli/commands/simulate.ts";
import { addSlurm } from "../../src/cli/commands/slurm.ts";
import { addValidate } from "../../src/cli/commands/validate.ts";
import { addVerify } from "../../src/cli/commands/verify.ts";
import { addRun } from "../../src/cli/job/run.ts";
import { addSchema } from "../../src/cli/job/schema.ts";

const ADD = [addRun, addSchema, addFit, addValidate, addOptimize, addPredict, addReport, addPage, addDesign, addSimulate, addCheck, addVerify, addSlurm, addLaws, addDoctor, addExport, addCompletion]; // prettier-ignore

/** The program with every command that has flags. */
export function addCommands(program: Command): Command {
  for (const add of ADD) add(program);
  return program;
}
