import { testProgram } from '../../built-program.ts';

/** The program of trial-reader.ts, as a pool starts it. */
export const TRIAL_READER = testProgram('trial-reader');
