/** Something that only some places of src/ may use. */
export interface Confined {
  what: string;
  packages?: RegExp;
  /** The text that code has if it uses the thing without an import. */
  text?: RegExp;
  /** The places: folders, each with a trailing slash, and files. */
  to: readonly string[];
}

/**
 * The list of these things. test/architecture.test.ts checks the code against it, and
 * test/docs/architecture-page.test.ts compares docs/architecture.md with it.
 */
export const CONFINED: readonly Confined[] = [
  {
    what: 'SQLite',
    packages: /^better-sqlite3(\/|$)/,
    to: ['db/', 'access/', 'archive/', 'ledger/', 'lake/', 'processes/'],
  },
  // Drizzle declares the tables and reads the migrations: docs/decisions/0052-one-handle-to-the-database.md.
  { what: 'Drizzle', packages: /^drizzle-orm(\/|$)/, to: ['db/'] },
  { what: 'Node’s own SQLite', packages: /^(node:)?sqlite$/, to: ['db/reading/'] },
  { what: 'the AWS SDK', packages: /^@aws-sdk\//, to: ['upstream/', 'lake/store/s3/'] },
  { what: 'writers of Parquet and Arrow', packages: /^(hyparquet-writer|apache-arrow)(\/|$)/, to: ['lib/columns/'] },
  { what: 'node-cron', packages: /^node-cron(\/|$)/, to: ['ingest/schedule.ts'] },
  { what: 'Hono', packages: /^@?hono(\/|$)/, to: ['http/', 'simulator/', 'service/'] },
  // These files run in a browser, and have a tsconfig.json of their own.
  { what: 'the editor and charts', packages: /^(@codemirror|@lezer|uplot)(\/|$)/, to: ['http/console/islands/'] },
  {
    what: 'the environment',
    packages: /^(node:)?process$/,
    text: /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\s*\[|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/,
    to: ['config/'],
  },
  {
    // The program's own output functions escape everything that could control a terminal. The console of a browser is
    // not a terminal.
    what: 'standard output and standard error',
    packages: /^(pino|log-update|(node:)?console)(\/|$)/,
    text: anyOf(
      /\bprocess\s*(\?\.|\.)\s*(stdout|stderr|emitWarning|_rawDebug)\b/,
      /\{[^}]*\b(stdout|stderr)\b[^}]*\}\s*=\s*process\b/,
      /\bconsole\s*(\?\.|\.)\s*[a-z]+\s*\(/,
      /\b(append|write)(File)?(Sync)?\(\s*([12]\b|'\/dev\/)/,
    ),
    to: [
      'cli/terminal.ts',
      'cli/start.ts',
      'lib/process/end-visibly.ts',
      'lib/logger.ts',
      'lib/process/without-warnings.ts',
      'http/console/islands/',
    ],
  },
];

function anyOf(...forms: RegExp[]): RegExp {
  return new RegExp(forms.map(({ source }) => source).join('|'));
}
