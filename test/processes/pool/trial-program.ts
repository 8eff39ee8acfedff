import { testProgram } from '../../built-program.ts';

/** The form of trial-reader.ts in which a pool starts it. */
export const TRIAL_READER = testProgram('trial-reader');
