import { defineConfig } from 'vitest/config';
import { MEMORY_FOLDER } from './test/memory-folder.ts';
import { LongestFirst } from './test/sort-tests.ts';

// These tests leave nothing behind that another test sees. So they share processes, and load common modules only once.
const SHARING =
  'access archive browser cli config db http ingest ledger lib model questions/* reports simulator upstream'.split(' ');
const sharing = SHARING.map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    // The SQLite driver is native code, so tests run in processes. CI has two cores, and a quarter of the time of tests is
    // waiting for the disk and for clocks.
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: ['test/build-programs.ts', 'test/memory-folder.ts'],
    ...(MEMORY_FOLDER !== undefined && { env: { TMPDIR: MEMORY_FOLDER } }),
    // On a busy machine a test may wait long for what it needs.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      { extends: true, test: { name: 'sharing', include: sharing, isolate: false } },
      { extends: true, test: { name: 'apart', include: ['test/**/*.test.ts'], exclude: sharing } },
    ],
  },
});
