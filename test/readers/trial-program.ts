/** The program of trial-reader.ts, as a pool starts it. */
export const TRIAL_READER = { path: 'test/readers/trial-reader.ts', execArgv: ['--import', 'tsx'] };
