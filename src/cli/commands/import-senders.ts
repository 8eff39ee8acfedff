import type { Command } from '@commander-js/extra-typings';
import { countSenders } from '../../archive/record/count-senders.ts';
import { loadConfig } from '../../config/load-config.ts';
import { type ImportedSenders, importSenders } from '../../ingest/import-senders.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { openToWrite } from '../archive/write-archive.ts';
import { createShareDisplay } from '../display/show-share.ts';
import type { Terminal } from '../terminal.ts';
import { count, counted } from '../text/format.ts';

const PARTIAL =
  'it has a reply with a NextToken: CloudTrail found more events than the file has. Ask for all of them, without --max-items; join pages that are in several files: cat page-*.json | ssm-archive import-senders -';

/** `import-senders`: records who sent the commands, from CloudTrail's files. */
export function addImportSenders(program: Command, terminal: Terminal): void {
  program
    .command('import-senders')
    .description('record who sent which command, from CloudTrail log files or the output of lookup-events')
    .argument('<files...>', 'files and folders (.json, .json.gz); - is standard input')
    .option('--json', 'print the counts as JSON')
    .addHelpText(
      'after',
      '\nRepeating the import changes nothing. Exit code 1 if a file was skipped, does not have all that CloudTrail found, or has an event that names no command.',
    )
    .action(async (files, options) => {
      const { config } = loadConfig(faultOfSchedule);
      const db = await openToWrite(config.db, terminal);
      try {
        const show = createShareDisplay(terminal, { doing: 'Reading', what: 'files' });
        const imported = importSenders(db, files, show);
        if (terminal.isInteractive) terminal.erase();
        const commands = countSenders(db.sqlite);
        for (const path of imported.partial) terminal.note(`Partial ${path}: ${PARTIAL}`);
        for (const { path, reason } of imported.skipped) terminal.note(`Skipped ${path}: ${reason}`);
        if (options.json) terminal.json({ ...imported, ...commands });
        else terminal.out(describeImport({ ...imported, ...commands }));
        if (imported.skipped.length + imported.partial.length + imported.unreadable > 0) process.exitCode = 1;
      } finally {
        db.close();
      }
    });
}

function describeImport(imported: ImportedSenders & { commands: number; withoutSender: number }): string[] {
  const { files, events, kept, known, unreadable, skipped, commands, withoutSender } = imported;
  return [
    `${counted(events, 'event')} in ${counted(files, 'file')}: the senders of ${counted(kept, 'command')} kept, ${count(known)} already known.`,
    ...(unreadable > 0 ? [`${counted(unreadable, 'event')} of SendCommand without the command's id: not kept.`] : []),
    ...(skipped.length > 0 ? [`${counted(skipped.length, 'file')} skipped.`] : []),
    `${count(withoutSender)} of ${counted(commands, 'command')} in the archive still without a sender.`,
  ];
}
