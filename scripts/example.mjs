/** The shipped example, as `npm start` runs it and as README's picture shows it. */

/** Flags of `mixlaw fit`: two laws, the largest size held out, a bootstrap. */
export const FIT = [
  "--units",
  "absolute",
  "--law",
  "additive,joint",
  "--test",
  "n_params > 5e5",
  "--bootstrap",
  "100",
  "--group",
  "mixture_id",
];

/** Flags of `mixlaw optimize`: what a programmer may want of the size that was held out. */
export const OPTIMUM = [
  "--params",
  "616k",
  "--tokens",
  "4194304",
  "--objective",
  "loss_py=0.5,loss_c=0.3,loss_man=0.2",
];
