import { boundNewFiles } from '../lib/file-mode.ts';
import { LOG_FORMS, type LogForm } from '../lib/logger.ts';
import { LOG_VARIABLE, type ReadConfig, readConfig, TOKEN_VARIABLE } from './read-config.ts';

/**
 * The configuration of this process: its environment, and archive.yaml in its working folder. What it says of new files holds for this
 * process from here on. Throws ConfigInvalid.
 * Only this file reads the environment; the AWS SDK reads its own AWS_* by itself.
 */
export function loadConfig(faultOfSchedule: (expression: string) => string | undefined): ReadConfig {
  const read = readConfig({ env: process.env, cwd: process.cwd(), faultOfSchedule });
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
