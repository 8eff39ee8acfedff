import { boundNewFiles } from '../lib/files/file-mode.ts';
import { LOG_FORMS, type LogForm } from '../lib/logger.ts';
import { type CallOptions, LOG_VARIABLE, type ReadConfig, readConfig } from './read-config.ts';
import { TOKEN_VARIABLE, unknownVariables } from './variables.ts';

/** The settings in the options of this process's call. */
let ofCall: CallOptions = {};

/** Stores the options that every command has, for all later calls of loadConfig. */
export function takeCallOptions(options: CallOptions): void {
  ofCall = options;
}

/** Returns the stored options. */
export function callOptions(): CallOptions {
  return ofCall;
}

/**
 * Returns the configuration of this process, from the options of its call, its environment, and archive.yaml in its
 * working folder. From then on new files get the configured mode. Throws ConfigInvalid.
 * Only this file reads the environment; the AWS SDK reads its own AWS_* variables by itself.
 */
export function loadConfig(
  faultOfSchedule: (expression: string) => string | undefined,
  more: CallOptions = {},
): ReadConfig {
  const options = { ...ofCall, ...more };
  const read = readConfig({ env: process.env, cwd: process.cwd(), options, faultOfSchedule });
  boundNewFiles(read.fileMode);
  return read;
}

/** Returns the token for another server's API, if the environment has one. It is not a setting of this archive. */
export function loadToken(): string | undefined {
  // A shell that read the token from a file may have kept the file's line end or mark.
  return process.env[TOKEN_VARIABLE]?.trim() || undefined;
}

/**
 * Returns the form of the log that the environment names, for messages before the configuration is read and about its
 * faults; undefined if it names none.
 */
export function loadLogForm(): LogForm | undefined {
  return LOG_FORMS.find((form) => form === process.env[LOG_VARIABLE]);
}

/** Returns a sentence for each variable of this process that looks like a setting and is not one. */
export function loadWarnings(): string[] {
  return unknownVariables(process.env);
}
