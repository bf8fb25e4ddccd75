/** Mutants that change nothing which can be seen from outside, each with the reason. `what` is how its line begins. */
export const EQUIVALENT: readonly { file: string; what: string; why: string }[] = [];
