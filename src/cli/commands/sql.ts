import type { Command } from '@commander-js/extra-typings';
import { collected } from '../options/collected.ts';
import { addAnswerOptions } from '../sql/answer-options.ts';
import { parseParams } from '../sql/parse-params.ts';
import { readQueryText } from '../sql/read-query-text.ts';
import { createQuestionRunner } from '../sql/run-question.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
The query comes from the argument, from --file, or from standard input, which "-" stands for. Parameters are :name \
with --param name=value, or ? with --param 1=value. A value is a number if it has the usual form of a number (5, -1.5; \
012 is text), and a time if it counts from now (-7d, +12h). A name without "=" is NULL.
If a table is too wide for the terminal, each row becomes a block of lines. No cell is cut. csv, ndjson, parquet and arrow \
have all rows; parquet and arrow are binary files, and a column of them has one type.
With --lake the query is in the SQL of DuckDB, and the first one in five minutes waits until the rows that are not \
sealed are copied beside the archive; docs/sql.md has what differs.
Other users can see --token in the list of processes, but not SSM_ARCHIVE_TOKEN.
Ctrl-C ends the query at once, with exit code 130.

Exit codes: 0 done, 1 the query failed (time, memory, the archive, the server), 2 the call is wrong, its SQL included.`;

/** `sql`: runs an SQL query on the archive file or on a server. */
export function addSql(program: Command, terminal: Terminal): void {
  const command = program
    .command('sql')
    .description('run one SELECT, which can write nothing; docs/sql.md describes the tables')
    .argument('[query]', 'the SELECT; put "--" before one that begins with "-"')
    .option('--file <path>', 'a file that has the query')
    .option('--lake', 'ask the lake, by DuckDB: sealed and all other days')
    .option('--param <name=value>', 'a parameter of the query; may be given again', collected);
  addAnswerOptions(command, 'query')
    .addHelpText('after', HELP)
    .action(async (argument, options) => {
      const run = createQuestionRunner(options, terminal);
      const params = parseParams(options.param ?? []);
      const sql = await readQueryText(argument, options.file, process.stdin);
      await run({ params, sql, ...(options.lake && { engine: 'lake' }) });
    });
}
