import { Command, CommanderError, type CommandUnknownOpts, Help, type Option } from '@commander-js/extra-typings';
import { SealedUnreadable } from '../archive/sealed/sealed-unreadable.ts';
import { TooManySealedDays } from '../archive/sealed/too-many-sealed-days.ts';
import { loadLogForm } from '../config/load-config.ts';
import { errorLines } from '../lib/errors/error-lines.ts';
import { explainTooLarge } from '../lib/errors/explain-too-large.ts';
import { explainTooManyFiles } from '../lib/errors/explain-too-many-files.ts';
import { isDiskFull } from '../lib/errors/is-disk-full.ts';
import { asSentence, systemFault } from '../lib/errors/path-fault.ts';
import { UserFault } from '../lib/errors/user-fault.ts';
import { boundNewFiles } from '../lib/files/file-mode.ts';
import type { LogForm } from '../lib/logger.ts';
import { endVisibly } from '../lib/process/end-visibly.ts';
import { packageVersion } from '../lib/process/package-root.ts';
import { nearNames, proposalOf } from '../lib/words/near-names.ts';
import { explainLoad } from './explain-load.ts';
import { hearProcess } from './log/hear-process.ts';
import { logFormOf, openLog } from './log/open-log.ts';
import { addCallOptions, commandOf } from './options/call-options.ts';
import { createTerminal, endUnawaited, type Terminal } from './terminal.ts';

// Each command is loaded only when it is called: loading the SDK and the server takes longer than most commands run.
export const COMMANDS = {
  init: async () => (await import('./commands/init.ts')).addInit,
  ingest: async () => (await import('./commands/ingest.ts')).addIngest,
  serve: async () => (await import('./commands/serve.ts')).addServe,
  migrate: async () => (await import('./commands/migrate.ts')).addMigrate,
  status: async () => (await import('./commands/status.ts')).addStatus,
  coverage: async () => (await import('./commands/coverage.ts')).addCoverage,
  report: async () => (await import('./commands/report.ts')).addReport,
  sql: async () => (await import('./commands/sql.ts')).addSql,
  verify: async () => (await import('./commands/verify/verify.ts')).addVerify,
  reconcile: async () => (await import('./commands/reconcile.ts')).addReconcile,
  seal: async () => (await import('./commands/seal/seal.ts')).addSeal,
  unseal: async () => (await import('./commands/seal/unseal.ts')).addUnseal,
  lake: async () => (await import('./commands/lake/lake.ts')).addLake,
  prune: async () => (await import('./commands/prune/prune.ts')).addPrune,
  source: async () => (await import('./commands/source.ts')).addSource,
  hold: async () => (await import('./commands/hold/hold.ts')).addHold,
  evidence: async () => (await import('./commands/evidence.ts')).addEvidence,
  backup: async () => (await import('./commands/backup.ts')).addBackup,
  restore: async () => (await import('./commands/restore/restore.ts')).addRestore,
  doctor: async () => (await import('./commands/doctor/doctor.ts')).addDoctor,
  'import-senders': async () => (await import('./commands/import-senders.ts')).addImportSenders,
  token: async () => (await import('./commands/token.ts')).addToken,
  key: async () => (await import('./commands/key.ts')).addKey,
  simulate: async () => (await import('./commands/simulate.ts')).addSimulate,
  demo: async () => (await import('./commands/demo.ts')).addDemo,
};

/** Runs the call that started this process, to its end. */
export async function main(): Promise<void> {
  // New files are for their owner alone until the configuration says what a group may read.
  boundNewFiles(0o600);
  const terminal = createTerminal();
  const called = commandOf(process.argv.slice(2));
  if (earlyForm(called, terminal) === 'json') {
    openLog(terminal, 'info', 'json');
    endVisibly((lines) => terminal.fail(lines));
  } else endVisibly();
  hearProcess({ onWarning: terminal.warn, onChildLine: terminal.logLine });
  // If nothing is left to wait for, Node ends this process with exit code 0, as if all work were done.
  const tellUnfinished = () => {
    terminal.fail('The work was not finished, which is a fault of ssm-archive. Do not rely on any of it.');
    process.exitCode = 1;
  };
  process.once('beforeExit', tellUnfinished);
  const exitCode = await run(process.argv.slice(2), terminal);
  process.off('beforeExit', tellUnfinished);
  if (exitCode !== undefined) process.exitCode = exitCode;
  endUnawaited();
}

/** The form of the log before the configuration is read, or if it can't be read. */
function earlyForm(called: string, terminal: Terminal): LogForm {
  return logFormOf(loadLogForm(), called === 'serve', terminal);
}

/**
 * Runs a call. Returns the exit code of a call that failed. If the command ran, the command itself has set the
 * process's exit code.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number | undefined> {
  const helpWidth = Math.min(terminal.outWidth, 80);
  const program = new Command('ssm-archive')
    .description('Keeps the history of AWS Systems Manager Run Command for good, in one SQLite file.')
    .version(packageVersion())
    .showHelpAfterError('Run the command with --help to see its arguments and options.')
    .configureHelp({ helpWidth, showGlobalOptions: true, visibleGlobalOptions })
    .configureOutput({
      writeOut: (text) => terminal.out(linesOfHelp(text, helpWidth)),
      writeErr: (text) => terminal.note(linesOfHelp(text, helpWidth)),
      outputError: (text) => terminal.fail(linesOfRefusal(text)),
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 the command ran and something failed, 2 the call or the configuration is wrong. verify also has 3: the parts fit each other, but who signed was not checked.',
    )
    .exitOverride();
  addCallOptions(program, terminal);
  try {
    for (const load of commandsToLoad(commandOf(args))) (await load())(program, terminal);
    for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
    await program.parseAsync(args, { from: 'user' });
    return undefined;
  } catch (error) {
    return report(error, terminal);
  }
}

/**
 * The global options in the help of each command. --version is left out, because it is about the whole program; so is
 * --db for commands without an archive.
 */
function visibleGlobalOptions(this: Help, command: CommandUnknownOpts): Option[] {
  const without = command.name() === 'simulate' ? ['version', 'db'] : ['version'];
  return Help.prototype.visibleGlobalOptions
    .call(this, command)
    .filter((option) => !without.includes(option.attributeName()));
}

/**
 * The first word of the call names the command. If there is no such command, all commands are loaded, for the help and
 * the suggestions.
 */
function commandsToLoad(called: string) {
  if (called === '--version' || called === '-V') return [];
  return Object.entries(COMMANDS)
    .filter(([name]) => !Object.hasOwn(COMMANDS, called) || name === called)
    .map(([, load]) => load);
}

/**
 * Returns the lines of text that Commander made: help, and what it adds to a refusal. None of it comes from the call.
 * Commander has wrapped all of it except the text after the options.
 */
function linesOfHelp(text: string, width: number): string[] {
  return new Help().boxWrap(text.replace(/\n$/, ''), width).split('\n');
}

/**
 * Returns the lines with which Commander refuses a call. A refusal repeats words of the call, so no line break in it
 * counts except the one before Commander's suggestion.
 */
function linesOfRefusal(text: string): string[] {
  const [, refusal = '', proposal] = /^(.*?)(?:\n(\(Did you mean [\w, -]+\?\)))?\n?$/s.exec(text) ?? [];
  return proposal === undefined ? [refusal + proposalOfChoice(refusal)] : [refusal, proposal];
}

/** Adds a suggestion for a wrong choice of an option or argument: Commander suggests near names only for commands and options. */
function proposalOfChoice(refusal: string): string {
  const [, given = '', choices = ''] =
    /(?:argument|value) '([\s\S]*)' is invalid(?: for argument '\w+')?\. Allowed choices are ([\w, -]+)\.$/.exec(
      refusal,
    ) ?? [];
  return choices === '' ? '' : proposalOf(nearNames(given, choices.split(', ')));
}

function report(error: unknown, terminal: Terminal): number {
  // Commander has already printed its text. Help and version end with exit code 0, a wrong call with 2.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const tooManyFiles = explainTooManyFiles(error);
  if (tooManyFiles !== undefined) {
    terminal.fail(tooManyFiles);
    return 1;
  }
  if (error instanceof UserFault) {
    terminal.fail(error.lines);
    return error.exitCode;
  }
  if (error instanceof SealedUnreadable || error instanceof TooManySealedDays) {
    terminal.fail(error.message);
    return 1;
  }
  const notLoaded = explainLoad(error);
  if (notLoaded !== undefined) {
    terminal.fail(notLoaded);
    return 2;
  }
  if (isDiskFull(error)) {
    terminal.fail(
      'The disk is full: nothing more could be written. All replies that were received whole are kept. Free some space and run this again.',
    );
    return 1;
  }
  const tooLarge = explainTooLarge(error);
  if (tooLarge !== undefined) {
    terminal.fail(tooLarge);
    return 1;
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_BUSY')) {
    terminal.fail(
      'Another program has locked the archive, and did not release it in time. What was written before is kept. End that program, or run this again once it has ended.',
    );
    return 1;
  }
  if (code.startsWith('SQLITE_')) {
    terminal.fail(
      `The archive could not be used (${code}: ${error instanceof Error ? error.message : ''}). Run "ssm-archive doctor" to find out what is wrong.`,
    );
    return 1;
  }
  const fault = systemFault(error);
  if (fault !== undefined) {
    terminal.fail(asSentence(fault));
    return 1;
  }
  const [said, ...frames] = errorLines(error);
  terminal.fail([`Unexpected failure, which is a fault of ssm-archive: ${said}`, ...frames]);
  return 1;
}
