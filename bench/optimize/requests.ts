/** What is fitted and asked of `mixlaw optimize`, by flags that every version has. */

export interface Request {
  readonly name: string;
  readonly fit: {
    readonly name: string;
    readonly table: string;
    readonly fit: readonly string[];
  };
  readonly flags: readonly string[];
}

const SLIM = {
  table: "slimpajama7.csv",
  flags: ["--where", "split == 'train' and duplicate_checkpoint == 0", "--group", "mixture_id"],
};
const ADDITIVE = { name: "additive", table: SLIM.table, fit: ["--law", "additive", ...SLIM.flags] };
const REPLICATES = {
  name: "additive-100",
  table: SLIM.table,
  fit: ["--law", "additive", "--bootstrap", "100", ...SLIM.flags],
};
const JOINT = { name: "joint", table: SLIM.table, fit: ["--law", "joint", "--restarts", "64", ...SLIM.flags] }; // prettier-ignore
const REGMIX = {
  name: "regmix",
  table: "regmix17.csv",
  fit: ["--law", "mixture", "--where", "split == 'train_1m'", "--restarts", "64"],
};
const OLMIX = {
  name: "olmix",
  table: "olmix24.csv",
  fit: ["--law", "log-linear", "--targets", "bpb_mean", "--restarts", "64"],
};
const SCALE = ["--params", "7B", "--tokens", "150B"];

export const REQUESTS: readonly Request[] = [
  { name: "additive", fit: ADDITIVE, flags: SCALE },
  { name: "additive, bootstrap", fit: REPLICATES, flags: SCALE },
  { name: "additive, L1 ball", fit: ADDITIVE, flags: [...SCALE, "--trust", "l1<=0.2"] },
  { name: "joint", fit: JOINT, flags: SCALE },
  { name: "joint, L1 ball", fit: JOINT, flags: [...SCALE, "--trust", "l1<=0.2"] },
  { name: "RegMix", fit: REGMIX, flags: [] },
  { name: "RegMix, L1 ball", fit: REGMIX, flags: ["--trust", "l1<=0.2"] },
  { name: "RegMix, wide L1 ball", fit: REGMIX, flags: ["--trust", "l1<=1.5"] },
  { name: "RegMix, vacuous constraints", fit: REGMIX, flags: ["--group", "arxiv+github<=1", "--cap", "pile_cc=1"] },
  { name: "RegMix, worst", fit: REGMIX, flags: ["--objective", "worst"] },
  { name: "olmix", fit: OLMIX, flags: [] },
]; // prettier-ignore
