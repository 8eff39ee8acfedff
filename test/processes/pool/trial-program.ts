import { testProgram } from '../../built-program.ts';

/** The built trial-reader.ts, which a pool can start. */
export const TRIAL_READER = testProgram('trial-reader');
