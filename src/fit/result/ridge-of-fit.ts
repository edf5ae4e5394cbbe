/** What a fit file says of a ridge. */

/** The ridge of a fit. */
export interface RidgeOfFit {
  /** λ by reported name: of all domains ("alpha"), or of one ("alpha[web]"). */
  readonly parameters: Readonly<Record<string, number>>;
  /** λ/2·Σq², the part that it has in the objective. */
  readonly penalty: number;
  /**
   * Where λ was found by cross-validation: each factor of the strengths that was tried, in falling
   * order, with the mean loss in the rows held out; null where a fit had none there.
   */
  readonly tried?: readonly (readonly [strength: number, loss: number | null])[];
}
