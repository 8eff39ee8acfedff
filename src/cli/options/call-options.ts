import { resolve } from 'node:path';
import type { Command, CommandUnknownOpts } from '@commander-js/extra-typings';
import { loadWarnings, takeCallOptions } from '../../config/load-config.ts';
import { findPathFault } from '../../lib/errors/path-fault.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import type { Terminal } from '../terminal.ts';

/** The options that every command takes, before or after its name. */
const CALL_OPTIONS = ['--config', '--db'];
/** These commands report unknown environment variables themselves: in the log, or as a check. */
const SAY_BY_THEMSELVES = ['serve', 'doctor'];

/** Adds the options that every command has, and applies their values before a command begins. */
export function addCallOptions(program: Command, terminal: Terminal): void {
  program
    .option('--config <file>', 'the settings file, instead of archive.yaml and SSM_ARCHIVE_CONFIG')
    .option('--db <path>', 'the archive, instead of the one that the settings name')
    .hook('preAction', (called, command) => {
      const { config, db }: { config?: string; db?: string } = called.opts();
      if (db !== undefined) refuseWithoutArchive(command);
      if (config !== undefined && mayNotRead(command)) refuseNone(config);
      takeCallOptions({ config, db });
      if (SAY_BY_THEMSELVES.includes(command.name())) return;
      for (const warning of loadWarnings()) terminal.warn(warning);
    });
}

/**
 * Returns the command's name from the words of a call: the first word that is neither a global option nor the value of
 * a global option.
 */
export function commandOf(args: readonly string[]): string {
  const at = args.findIndex((word, i) => !isOption(word) && !CALL_OPTIONS.includes(args[i - 1] ?? ''));
  return args[at] ?? args[0] ?? '';
}

function isOption(word: string): boolean {
  return CALL_OPTIONS.some((option) => word === option || word.startsWith(`${option}=`));
}

/**
 * Returns whether a command might end without reading its settings. For such a command, nobody would otherwise notice
 * that --config names a missing file.
 */
function mayNotRead(command: CommandUnknownOpts): boolean {
  return ['simulate', 'verify'].includes(command.name()) || urlOf(command) !== undefined;
}

function refuseNone(config: string): void {
  const fault = findPathFault(resolve(config));
  if (fault !== undefined) throw new UserFault(`--config: ${fault}.`, { exitCode: 2 });
}

function urlOf(command: CommandUnknownOpts): unknown {
  const { url }: { url?: unknown } = command.opts();
  return url;
}

function refuseWithoutArchive(command: CommandUnknownOpts): void {
  if (urlOf(command) !== undefined)
    throw new UserFault('Give --db for an archive file or --url for a server, not both.', { exitCode: 2 });
  if (command.name() === 'simulate')
    throw new UserFault('--db has no effect on simulate, which has no archive: leave it out.', { exitCode: 2 });
}
