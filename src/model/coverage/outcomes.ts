/** The outcome of a pass or a sweep that has not ended. */
export const RUNNING = 'running';

/** How a pass, a source of a pass, or a sweep can end. */
export const END_OUTCOMES = ['complete', 'failed', 'interrupted'] as const;
export type Outcome = (typeof END_OUTCOMES)[number];

/**
 * The only list of the outcomes of passes and sweeps. The tables' constraints, types, the OpenAPI document and the
 * console's form are made from it.
 */
export const OUTCOMES = [RUNNING, ...END_OUTCOMES] as const;
/** How something ended, or that it still runs. */
export type OutcomeSoFar = (typeof OUTCOMES)[number];
