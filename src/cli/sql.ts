import { type Command, Option } from '@commander-js/extra-typings';
import { loadConfig, loadToken } from '../config/load-config.ts';
import { faultOfSchedule } from '../ingest/schedule.ts';
import { UserFault } from '../lib/user-fault.ts';
import type { SqlAnswerer } from './sql/answerer.ts';
import { askArchive } from './sql/ask-archive.ts';
import { askServer } from './sql/ask-server.ts';
import { parseParams } from './sql/parse-params.ts';
import { parseServerUrl, parseToken } from './sql/parse-server.ts';
import { readQueryText } from './sql/read-query-text.ts';
import { SQL_FORMATS, showAnswer } from './sql/show-answer.ts';
import type { Terminal } from './terminal.ts';
import { wholeNumber } from './whole-number.ts';

const DEFAULT_ROWS = 1000;
const MOST_ROWS = 10_000_000;
const LONGEST_S = 86_400;
const HELP = `
The query comes from the argument, --file, or standard input, which "-" names too. Parameters are
:name with --param name=value, or ? with --param 1=value. A value is a number where it is written as
one is shown (5, -1.5; 012 is text); a name without "=" is NULL.
Tables fit the terminal; elsewhere their cells are whole. csv and ndjson have all rows.
Others can see --token in the list of processes; SSM_ARCHIVE_TOKEN keeps it out of there.
Ctrl-C ends the query at once, with exit code 130.

Exit codes: 0 done, 1 the query failed (time, memory, the archive, the server),
2 the call is wrong, its SQL included.`;

/** `sql`: a question in SQL, to the archive file or to a server. */
export function addSql(program: Command, terminal: Terminal): void {
  program
    .command('sql')
    .description('ask by SQL, one SELECT at a time, which can write nothing; docs/sql.md has the tables')
    .argument('[query]', 'the SELECT; one that begins with "-" goes behind "--"')
    .option('--file <path>', 'a file that has it')
    .option('--param <name=value>', 'a parameter of the query; may be given again', collected)
    .addOption(new Option('--format <format>', 'how rows are written').choices(SQL_FORMATS).default('table' as const))
    .option('--limit <rows>', `rows of table, json and markdown (default: ${DEFAULT_ROWS})`)
    .option('--raw', 'leave cells of csv that a spreadsheet would run as formulas as they are')
    .option('--timeout <seconds>', 'end the query after this; a server may allow less')
    .option('--url <address>', 'ask the server at this address, in place of the archive file')
    .option('--token <token>', 'the token for it; SSM_ARCHIVE_TOKEN is read where this is not given')
    .addHelpText('after', HELP)
    .action(async (argument, options) => {
      const { format, raw: isRaw = false } = options;
      const isStream = format === 'csv' || format === 'ndjson';
      if (isStream && options.limit !== undefined)
        throw wrongCall(`--limit is not for ${format}, which has all rows: write LIMIT into the query.`);
      if (isRaw && format !== 'csv') throw wrongCall('--raw is for --format csv alone.');
      const limit = wholeNumber('--limit', options.limit ?? String(DEFAULT_ROWS), MOST_ROWS, 1);
      const timeoutMs =
        options.timeout === undefined ? undefined : wholeNumber('--timeout', options.timeout, LONGEST_S, 1) * 1000;
      const params = parseParams(options.param ?? []);
      const sql = await readQueryText(argument, options.file, process.stdin);
      const answerer = answererOf(options, timeoutMs, terminal.noteWidth);
      // However this process ends, it leaves no query behind.
      process.once('exit', () => void answerer.close());
      try {
        await showAnswer(
          { terminal, answerer, now: () => performance.now() },
          { sql, params, limit, timeoutMs },
          { format, isRaw },
        );
      } finally {
        await answerer.close();
      }
    });
}

function answererOf(
  { url, token }: { url?: string | undefined; token?: string | undefined },
  timeoutMs: number | undefined,
  width: number,
): SqlAnswerer {
  if (url !== undefined) return askServer({ url: parseServerUrl(url), token: parseToken(token ?? loadToken()), width });
  if (token !== undefined) throw wrongCall('--token is for a server: give its address by --url.');
  return askArchive({ config: loadConfig(faultOfSchedule).config, timeoutMs, width });
}

function collected(value: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

function wrongCall(sentence: string): UserFault {
  return new UserFault(sentence, { exitCode: 2 });
}
