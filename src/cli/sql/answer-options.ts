import { type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import { DEFAULT_ROWS, READER_HELP, READERS } from './run-question.ts';
import { SQL_FORMATS } from './show-answer.ts';

/**
 * Adds the options that say how an answer is written, how long it may take, and which server is asked. `of` is what is
 * asked, in the words of the help.
 */
export function addAnswerOptions<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
  of: 'query' | 'report',
) {
  return command
    .addOption(
      new Option('--format <format>', 'the form in which rows are written')
        .choices(SQL_FORMATS)
        .default('table' as const),
    )
    .option('--limit <rows>', `the most rows to show as table, json or markdown (default: ${DEFAULT_ROWS})`)
    .option('--raw', 'do not change csv cells that a spreadsheet would run as formulas')
    .addOption(new Option('--for <reader>', READER_HELP).choices(READERS))
    .option('--timeout <seconds>', `end the ${of} after this time; a server may allow less`)
    .option('--url <address>', 'ask the server at this address instead of the archive file')
    .option('--token <token>', 'the token for the server (default: SSM_ARCHIVE_TOKEN)');
}
