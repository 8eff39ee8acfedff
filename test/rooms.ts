/**
 * The rooms that a room of src/ may import: entirely those in `imports`, and only by `import type` those in `types`.
 */
export interface Room {
  imports: readonly string[];
  types?: readonly string[];
}

/**
 * The rooms of src/, each a folder or a file, by its path in src/. test/architecture.test.ts compares the code with
 * this table, and test/docs/architecture-page.test.ts compares docs/architecture.md with it.
 */
export const ROOMS: Readonly<Record<string, Room>> = {
  // No room imports from a room below it in this table. The room lib would be useful in any program.
  lib: { imports: [] },
  // The domain without a database: what an invocation, a step and a command are.
  model: { imports: ['lib'] },
  // The questions that all surfaces can ask: the one list of filters.
  questions: { imports: ['model', 'lib'] },
  config: { imports: ['questions', 'model', 'lib'] },
  db: { imports: ['questions', 'model', 'lib'] },
  // Tokens and the access log, in two files besides the archive.
  access: { imports: ['model', 'lib'] },
  ledger: { imports: ['db', 'model', 'lib'] },
  upstream: { imports: ['questions', 'model', 'lib'], types: ['config'] },
  archive: { imports: ['db', 'ledger', 'questions', 'model', 'lib'] },
  // Days that can't change any more, as Parquet. Calls of S3 are bounded as all calls of AWS are.
  lake: { imports: ['archive', 'upstream', 'db', 'ledger', 'questions', 'model', 'lib'] },
  // This room passes the settings and the archive's handle on, so it names their types. It reads neither of them
  // itself.
  ingest: { imports: ['upstream', 'archive', 'model', 'lib'], types: ['config', 'db'] },
  // It passes the settings on to the process that seals, so it names their type.
  processes: { imports: ['archive', 'ledger', 'db', 'questions', 'model', 'lib'], types: ['config'] },
  // Named questions: those that ship with the program, those in archive.yaml, and saved ones.
  reports: { imports: ['archive', 'processes', 'questions', 'model', 'lib'], types: ['config'] },
  'http/api': { imports: ['archive', 'ledger', 'processes', 'reports', 'access', 'questions', 'model', 'lib'] },
  'http/aws': { imports: ['model', 'lib'] },
  // The archive in the form that http/aws's operations read.
  'http/aws-archive': { imports: ['archive', 'processes', 'http/aws', 'model', 'lib'], types: ['db'] },
  'http/console': { imports: ['archive', 'processes', 'reports', 'access', 'questions', 'model', 'lib'] },
  http: { imports: ['http/api', 'http/aws', 'http/console', 'access', 'model', 'lib'], types: ['config'] },
  simulator: { imports: ['http/aws', 'model', 'lib'] },
  // The roots of child processes. The service starts them by their paths, and imports nothing from them.
  programs: {
    imports: ['processes', 'ingest', 'upstream', 'lake', 'archive', 'db', 'model', 'lib'],
    types: ['config'],
  },
  service: {
    imports: [
      'lib',
      'model',
      'questions',
      'config',
      'db',
      'access',
      'ledger',
      'upstream',
      'archive',
      'lake',
      'ingest',
    ].concat(['processes', 'reports', 'http/api', 'http/aws', 'http/aws-archive', 'http/console', 'http', 'simulator']),
  },
  cli: {
    imports: [
      'lib',
      'model',
      'questions',
      'config',
      'db',
      'access',
      'ledger',
      'upstream',
      'archive',
      'lake',
      'ingest',
    ].concat(['processes', 'reports', 'http/api', 'http/aws', 'http/console', 'http', 'simulator', 'service']),
  },
};
