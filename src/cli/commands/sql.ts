import { type Command, Option } from '@commander-js/extra-typings';
import { collected } from '../options/collected.ts';
import { parseParams } from '../sql/parse-params.ts';
import { readQueryText } from '../sql/read-query-text.ts';
import { createQuestionRunner, DEFAULT_ROWS, READER_HELP, READERS } from '../sql/run-question.ts';
import { SQL_FORMATS } from '../sql/show-answer.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
The query comes from the argument, from --file, or from standard input, which "-" stands for. Parameters are :name \
with --param name=value, or ? with --param 1=value. A value is a number if it has the usual form of a number (5, -1.5; \
012 is text), and a time if it counts from now (-7d, +12h). A name without "=" is NULL.
If a table is too wide for the terminal, each row becomes a block of lines. No cell is cut. csv and ndjson have all rows.
Other users can see --token in the list of processes, but not SSM_ARCHIVE_TOKEN.
Ctrl-C ends the query at once, with exit code 130.

Exit codes: 0 done, 1 the query failed (time, memory, the archive, the server), 2 the call is wrong, its SQL included.`;

/** `sql`: runs an SQL query on the archive file or on a server. */
export function addSql(program: Command, terminal: Terminal): void {
  program
    .command('sql')
    .description('run one SELECT, which can write nothing; docs/sql.md describes the tables')
    .argument('[query]', 'the SELECT; put "--" before one that begins with "-"')
    .option('--file <path>', 'a file that has the query')
    .option('--param <name=value>', 'a parameter of the query; may be given again', collected)
    .addOption(
      new Option('--format <format>', 'the form in which rows are written')
        .choices(SQL_FORMATS)
        .default('table' as const),
    )
    .option('--limit <rows>', `the most rows to show as table, json or markdown (default: ${DEFAULT_ROWS})`)
    .option('--raw', 'do not change csv cells that a spreadsheet would run as formulas')
    .addOption(new Option('--for <reader>', READER_HELP).choices(READERS))
    .option('--timeout <seconds>', 'end the query after this time; a server may allow less')
    .option('--url <address>', 'ask the server at this address instead of the archive file')
    .option('--token <token>', 'the token for the server (default: SSM_ARCHIVE_TOKEN)')
    .addHelpText('after', HELP)
    .action(async (argument, options) => {
      const run = createQuestionRunner(options, terminal);
      const params = parseParams(options.param ?? []);
      await run({ params, sql: await readQueryText(argument, options.file, process.stdin) });
    });
}
