import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { FILE_MODES, type FileMode } from '../lib/file-mode.ts';
import { LOG_LEVELS } from '../lib/logger.ts';
import { formerFileOf, OWN_FILES, type OwnFile, ownFileOf } from '../lib/own-files.ts';
import { bucketAddress, checkpointBucketOf, LOCK_MODES } from './checkpoint-bucket.ts';
import type { Config } from './config.ts';
import { type ConfigFault, ConfigInvalid } from './config-invalid.ts';
import { readReports, reportEntry } from './report-entry.ts';
import { REGION, regionName, repeatedAliases, sourceForm, sourceOf } from './source-form.ts';
import { witnessList } from './witness-form.ts';

const PREFIX = 'SSM_ARCHIVE_';
/** What a command shows to a server that it asks. */
export const TOKEN_VARIABLE = `${PREFIX}TOKEN`;
const DEFAULT_FILE = 'archive.yaml';

const wholeNumber = (min: number, max: number) =>
  z.string().transform((text, context) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    context.addIssue(`must be a whole number from ${min} to ${max}, not "${text}"`);
    return z.NEVER;
  });

const fileMode = z.string().transform((text, context): FileMode => {
  const mode = FILE_MODES.get(text);
  if (mode !== undefined) return mode;
  context.addIssue(`must be 0600 (the owner alone) or 0640 (its group may read too), not "${text}"`);
  return z.NEVER;
});

/** Settings that the environment and the file share: every value is text, so that both are parsed by the same rules. */
const settings = {
  db: z.string().min(1, 'must be the path of the archive file'),
  authDb: z.string().min(1, 'must be the path of the file of tokens'),
  tokenFile: z.string().min(1, 'must be the path of the file with the secret of the first token'),
  accessDb: z.string().min(1, 'must be the path of the access log'),
  accessLogDays: wholeNumber(1, 36_500),
  accessLogBytes: wholeNumber(16_777_216, 1_099_511_627_776),
  ledgerKey: z.string().min(1, "must be the path of the ledger's key"),
  checkpointDirectory: z.string(),
  checkpointBucket: bucketAddress,
  checkpointBucketRegion: regionName,
  checkpointLockDays: wholeNumber(1, 36_500),
  checkpointLockMode: z.enum(LOCK_MODES, `must be ${LOCK_MODES.join(' or ')}`),
  witnesses: witnessList,
  reportsFile: z.string().min(1, 'must be the path of the file of saved reports'),
  fileMode,
  schedule: z.string(),
  verifySchedule: z.string(),
  host: z.string().min(1, 'must be an address or a host name'),
  port: wholeNumber(0, 65_535),
  trustProxy: z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true'),
  logLevel: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`),
  settlingMs: wholeNumber(0, 86_400_000),
  overlapMs: wholeNumber(0, 604_800_000),
  slicesAtOnce: wholeNumber(1, 32),
  callDeadlineMs: wholeNumber(100, 86_400_000),
  readDeadlineMs: wholeNumber(100, 3_600_000),
  exportDeadlineMs: wholeNumber(1000, 86_400_000),
  readers: wholeNumber(2, 32),
  sqlReaders: wholeNumber(4, 64),
  sqlDeadlineMs: wholeNumber(100, 86_400_000),
  sqlMemoryBytes: wholeNumber(268_435_456, 1_099_511_627_776),
  sqlRows: wholeNumber(1, 10_000_000),
  sqlBytes: wholeNumber(1024, 268_435_456),
  upstream: z.string().refine(isOrigin, 'must be the address of an archive, such as http://archive:8420'),
  // As a list in the file, and in one text in the environment.
  corsOrigins: z.union([z.string(), z.array(z.string())]).transform((given, context) => {
    const origins = typeof given === 'string' ? given.split(',').map((origin) => origin.trim()) : given;
    for (const origin of origins) {
      if (!isOrigin(origin)) context.addIssue(`must be origins such as https://audit.example.com, not "${origin}"`);
    }
    return origins;
  }),
  publicHosts: z.union([z.string(), z.array(z.string())]).transform((given, context) => {
    const hosts = typeof given === 'string' ? given.split(',').map((host) => host.trim()) : given;
    for (const host of hosts) {
      if (!isHost(host))
        context.addIssue(`must be names such as archive.example.com or archive.internal:8420, not "${host}"`);
    }
    return hosts;
  }),
};

const fileForm = z.strictObject({
  ...Object.fromEntries(Object.entries(settings).map(([key, form]) => [key, form.optional()])),
  regions: z.array(regionName).optional(),
  sources: z.array(sourceForm).min(1, 'must have a source').optional(),
  reports: z.array(reportEntry).optional(),
});

interface ConfigDeps {
  env: Record<string, string | undefined>;
  cwd: string;
  /** Says what is wrong with a cron expression, or undefined where nothing is. */
  faultOfSchedule(expression: string): string | undefined;
}

export type FormerFiles = Partial<Record<OwnFile, string>>;

export interface ReadConfig {
  config: Config;
  /** Files beside the archive that no setting names, as they were called when all archives of a folder shared them. */
  former: FormerFiles;
  /** What a file that this process makes may have at most. */
  fileMode: FileMode;
  /** Variables with our prefix that mean nothing, such as a misspelt one, a sentence each. */
  warnings: string[];
}

/** The configuration from the environment and archive.yaml, the environment first. Throws ConfigInvalid with all faults. */
export function readConfig({ env, cwd, faultOfSchedule }: ConfigDeps): ReadConfig {
  const faults: ConfigFault[] = [];
  const file = readFile(env, cwd, faults);
  const given = <K extends keyof typeof settings>(key: K): z.output<(typeof settings)[K]> | undefined => {
    const variable = variableOf(key);
    const text = env[variable];
    if (text === undefined || text === '') return file[key] as z.output<(typeof settings)[K]> | undefined;
    const parsed = settings[key].safeParse(text);
    if (parsed.success) return parsed.data as z.output<(typeof settings)[K]>;
    faults.push(...faultsOf(parsed.error, variable));
    return undefined;
  };
  const value = <K extends keyof typeof settings>(key: K, otherwise: z.output<(typeof settings)[K]>) =>
    given(key) ?? otherwise;
  const keyOf = (key: string) => (env[variableOf(key)] ? variableOf(key) : key);
  const regions = regionsOf(env, faults) ?? file.regions ?? [];
  const db = resolve(cwd, value('db', 'data/archive.db'));
  const unnamed: OwnFile[] = [];
  const own = (file: OwnFile) => {
    const named = given(file);
    if (named === undefined) unnamed.push(file);
    return resolve(cwd, named ?? ownFileOf(db, OWN_FILES[file]));
  };
  const { faults: reportFaults, ...reports } = readReports(file.reports ?? [], { cwd, faultOfSchedule });
  const config: Config = {
    db,
    authDb: own('authDb'),
    accessDb: own('accessDb'),
    accessLogDays: value('accessLogDays', 400),
    accessLogBytes: value('accessLogBytes', 4 * 1024 * 1024 * 1024),
    ledgerKey: own('ledgerKey'),
    reportsFile: own('reportsFile'),
    sources: (file.sources ?? [{ alias: 'default' }]).map((source) => sourceOf(source, regions)),
    schedule: value('schedule', '*/5 * * * *'),
    host: value('host', '127.0.0.1'),
    port: value('port', 8420),
    trustProxy: value('trustProxy', false),
    logLevel: value('logLevel', 'info'),
    settlingMs: value('settlingMs', 15 * 60_000),
    overlapMs: value('overlapMs', 15 * 60_000),
    slicesAtOnce: value('slicesAtOnce', 4),
    readDeadlineMs: value('readDeadlineMs', 30_000),
    exportDeadlineMs: value('exportDeadlineMs', 3_600_000),
    readers: value('readers', 3),
    sqlReaders: value('sqlReaders', 6),
    sqlDeadlineMs: value('sqlDeadlineMs', 30_000),
    sqlMemoryBytes: value('sqlMemoryBytes', 512 * 1024 * 1024),
    sqlRows: value('sqlRows', 100_000),
    sqlBytes: value('sqlBytes', 16 * 1024 * 1024),
    corsOrigins: value('corsOrigins', []),
    publicHosts: value('publicHosts', []),
    ...reports,
  };
  const mode = value('fileMode', 0o600);
  const tokenFile = given('tokenFile');
  if (tokenFile !== undefined) config.tokenFile = resolve(cwd, tokenFile);
  const directory = value('checkpointDirectory', '');
  if (directory !== '') config.checkpointDirectory = resolve(cwd, directory);
  const { checkpointBucket, faults: bucketFaults } = checkpointBucketOf(
    {
      address: given('checkpointBucket'),
      region: given('checkpointBucketRegion'),
      lockDays: given('checkpointLockDays'),
      lockMode: given('checkpointLockMode'),
    },
    keyOf,
  );
  if (checkpointBucket) config.checkpointBucket = checkpointBucket;
  const witnesses = value('witnesses', []);
  if (witnesses.length > 0) config.witnesses = witnesses;
  const callDeadlineMs = given('callDeadlineMs');
  if (callDeadlineMs !== undefined) config.callDeadlineMs = callDeadlineMs;
  const upstream = value('upstream', '');
  if (upstream !== '') config.aws = { endpoint: upstream };
  // Of all settings this is the one that an empty variable says something of: never.
  const verifySchedule = env[variableOf('verifySchedule')] === '' ? '' : value('verifySchedule', '0 3 * * *');
  if (verifySchedule !== '') config.verifySchedule = verifySchedule;
  for (const key of ['schedule', 'verifySchedule'] as const) {
    const problem = config[key] === undefined ? undefined : faultOfSchedule(config[key]);
    if (problem) faults.push({ key: keyOf(key), problem });
  }
  faults.push(...bucketFaults, ...repeatedAliases(config.sources), ...reportFaults, ...sharedFiles(config, keyOf));
  if (faults.length > 0) throw new ConfigInvalid(faults);
  const known = new Set([
    ...Object.keys(settings).map(variableOf),
    `${PREFIX}CONFIG`,
    `${PREFIX}REGIONS`,
    TOKEN_VARIABLE,
  ]);
  const warnings = Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.has(name))
    .map((name) => `${name} is not a setting of ssm-archive and has no effect.`);
  return { config, former: formerFiles(config, unnamed), fileMode: mode, warnings };
}

type FileSettings = z.output<typeof fileForm> & Record<string, unknown>;

function readFile(env: ConfigDeps['env'], cwd: string, faults: ConfigFault[]): FileSettings {
  const named = env[`${PREFIX}CONFIG`];
  const path = resolve(cwd, named || DEFAULT_FILE);
  if (!existsSync(path)) {
    if (named) faults.push({ key: `${PREFIX}CONFIG`, problem: `there is no file ${path}` });
    return {};
  }
  let content: unknown;
  try {
    // The failsafe schema keeps every scalar as text: an account such as 012345678901 keeps its zero.
    content = parseYaml(readFileSync(path, 'utf8'), { schema: 'failsafe' });
  } catch (error) {
    // The parser's message has the lines of the file under it.
    const [problem = '', ...shown] = (error instanceof Error ? error.message : String(error)).split('\n');
    faults.push({ key: path, problem, shown: shown.filter((line) => line !== '') });
    return {};
  }
  const parsed = fileForm.safeParse(content || {});
  if (parsed.success) return parsed.data;
  faults.push(...faultsOf(parsed.error, ''));
  // What is sound is still looked at, so that its faults of other kinds are told in the same breath.
  const faulty = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
  const sound = isObject(content)
    ? Object.entries(content).filter(([key]) => !faulty.has(key) && key in fileForm.shape)
    : [];
  const again = fileForm.safeParse(Object.fromEntries(sound));
  return again.success ? again.data : {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function regionsOf(env: ConfigDeps['env'], faults: ConfigFault[]): string[] | undefined {
  const text = env[`${PREFIX}REGIONS`];
  if (!text) return undefined;
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  for (const name of names) {
    if (!REGION.test(name))
      faults.push({
        key: `${PREFIX}REGIONS`,
        problem: `"${name}" is not the name of an AWS region, such as eu-west-1`,
      });
  }
  return [...new Set(names)];
}

function sharedFiles(config: Config, keyOf: (key: string) => string): ConfigFault[] {
  const keys = ['db', 'authDb', 'accessDb', 'ledgerKey', 'reportsFile', 'tokenFile'] as const;
  return keys.flatMap((key, i) => {
    const other = keys.slice(0, i).find((earlier) => config[earlier] === config[key]);
    if (other === undefined) return [];
    const problem = `must be a file of its own, and ${config[key]} is that of ${other} too`;
    return [{ key: keyOf(key), problem }];
  });
}

/** What a setting names is what it is, and no former name of anything else. */
function formerFiles(config: Config, unnamed: readonly OwnFile[]): FormerFiles {
  const { db, authDb, accessDb, ledgerKey, reportsFile, tokenFile } = config;
  const named = [db, authDb, accessDb, ledgerKey, reportsFile, tokenFile];
  const former = unnamed.map((file) => [file, formerFileOf(db, file)] as const);
  return Object.fromEntries(former.filter(([, path]) => !named.includes(path)));
}

function faultsOf(error: z.ZodError, root: string): ConfigFault[] {
  return error.issues.map((issue) => {
    const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
    const key = `${root}${path}`.replace(/^\./, '');
    if (issue.code === 'unrecognized_keys')
      return {
        key: issue.keys.map((k) => (key ? `${key}.${k}` : k)).join(', '),
        problem: 'is not a setting; see docs/configuration.md',
      };
    return { key: key || 'archive.yaml', problem: issue.message };
  });
}

function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** A name or an address, with or without a port. */
function isHost(text: string): boolean {
  if (!/^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i.test(text) || !URL.canParse(`http://${text}`)) return false;
  return new URL(`http://${text}`).pathname === '/';
}

/** `logLevel` is SSM_ARCHIVE_LOG_LEVEL in the environment. */
function variableOf(key: string): string {
  return PREFIX + key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
