import { boundNewFiles } from '../lib/files/file-mode.ts';
import { LOG_FORMS, type LogForm } from '../lib/logger.ts';
import {
  type CallOptions,
  LOG_VARIABLE,
  type ReadConfig,
  readConfig,
  TOKEN_VARIABLE,
  unknownVariables,
} from './read-config.ts';

/** What the call of this process says of settings, as its environment does. */
let ofCall: CallOptions = {};

/** Takes the options that every command has: they hold for each loadConfig from here on. */
export function takeCallOptions(options: CallOptions): void {
  ofCall = options;
}

/** The options that were taken. */
export function callOptions(): CallOptions {
  return ofCall;
}

/**
 * The configuration of this process: the options of its call, its environment, and archive.yaml in its working folder. What it says of new
 * files holds for this process from here on. Throws ConfigInvalid.
 * Only this file reads the environment; the AWS SDK reads its own AWS_* by itself.
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

/** The token for another server's API, where the environment has one: no setting of this archive's own. */
export function loadToken(): string | undefined {
  // A shell that read it from a file may have left the file's line end or its mark on it.
  return process.env[TOKEN_VARIABLE]?.trim() || undefined;
}

/** The form of the log that the environment names, for what is said before the configuration is read, or of its faults; undefined for none. */
export function loadLogForm(): LogForm | undefined {
  return LOG_FORMS.find((form) => form === process.env[LOG_VARIABLE]);
}

/** Variables of this process that look like settings and are not, a sentence each. */
export function loadWarnings(): string[] {
  return unknownVariables(process.env);
}
