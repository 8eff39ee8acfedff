import { boundNewFiles } from '../lib/files/file-mode.ts';
import { LOG_FORMS, type LogForm } from '../lib/logger.ts';
import type { Config } from './config.ts';
import { type CallOptions, type ReadConfig, readConfig } from './read-config.ts';
import { LOG_VARIABLE, TOKEN_VARIABLE, unknownVariables } from './variables.ts';

/** The settings in this process's command-line options. */
let ofCall: CallOptions = {};

/** Stores the values of the options that every command has. All later calls of loadConfig use them. */
export function takeCallOptions(options: CallOptions): void {
  ofCall = options;
}

/** Returns the stored options. */
export function callOptions(): CallOptions {
  return ofCall;
}

/**
 * Returns the configuration of this process, from its command-line options, its environment, and archive.yaml in its
 * working folder. Also makes the process create new files with the configured mode. Throws ConfigInvalid. Only this
 * file reads the environment; the AWS SDK reads its own AWS_* variables by itself.
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
  // A shell that read the token from a file may have kept the file's line end or byte order mark.
  return process.env[TOKEN_VARIABLE]?.trim() || undefined;
}

/**
 * Returns the form of the log from the environment; undefined if the environment names none. It is for messages that
 * are written before the configuration is read, or that are about its faults.
 */
export function loadLogForm(): LogForm | undefined {
  return LOG_FORMS.find((form) => form === process.env[LOG_VARIABLE]);
}

/** Returns a sentence for each variable of this process that looks like a setting and is not one. */
export function loadWarnings(): string[] {
  return unknownVariables(process.env);
}

/** What the AWS SDK of a child process needs: its own variables, and where its files, programs and proxies are. */
const OF_SDK = /^(AWS_.*|HOME|USERPROFILE|PATH|(HTTPS?|NO|ALL)_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$/i;

/**
 * Returns the variables with which a child process reads a lake in a bucket; none for a lake in a folder, and if there
 * is no lake. Other variables may be secrets, and the process needs none of them.
 */
export function environmentOfLake({ lake }: Pick<Config, 'lake'>): Record<string, string> {
  if (!lake?.location.startsWith('s3://')) return {};
  const entries = Object.entries(process.env).filter(([name, value]) => value !== undefined && OF_SDK.test(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? '']));
}
