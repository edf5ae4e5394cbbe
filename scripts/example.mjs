/** The shipped example, as `npm start` runs it and as README's picture shows it. */

/** Flags of `mixlaw fit`: three laws, the largest size held out, a bootstrap. */
export const FIT = [
  "--law",
  "simple,additive,joint",
  "--test",
  "n_params >= 7e8",
  "--bootstrap",
  "100",
  "--group",
  "mixture_id",
];

/** Flags of `mixlaw optimize`: the size that was held out. */
export const OPTIMUM = ["--params", "700M", "--tokens", "14B"];
