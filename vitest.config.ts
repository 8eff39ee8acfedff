import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/sort-tests.ts';

// Nothing of these outlives its test, or is known to another: they share processes, and load what they have in common once.
const SHARING =
  'access archive browser cli config db http ingest ledger lib model questions/* reports simulator upstream'.split(' ');
const sharing = SHARING.map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    // The SQLite driver is native code: processes, and no more of them than CI has cores.
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: 'test/build-programs.ts',
    // What is waited for may take its time on a machine that is busy.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      { extends: true, test: { name: 'sharing', include: sharing, isolate: false } },
      { extends: true, test: { name: 'apart', include: ['test/**/*.test.ts'], exclude: sharing } },
    ],
  },
});
