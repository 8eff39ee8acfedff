import { resolve } from 'node:path';
import type { z } from 'zod';
import type { FileMode } from '../lib/files/file-mode.ts';
import { formerFileOf, OWN_FILES, type OwnFile, ownFileOf } from '../lib/files/own-files.ts';
import { DEFAULT_SPREAD_MS } from '../model/coverage/retention.ts';
import { checkpointBucketOf } from './checkpoint-bucket.ts';
import type { Config } from './config.ts';
import { type ConfigFault, ConfigInvalid } from './config-invalid.ts';
import { fullOutputsOf } from './full-outputs-form.ts';
import { lakeOf } from './lake-settings.ts';
import { configFaultsOf, readSettingsFile } from './read-settings-file.ts';
import { readReports } from './report-entry.ts';
import { settings } from './settings.ts';
import { REGION, refuseRepeated, repeatedAliases, sourceOf } from './source-form.ts';
import { PREFIX, unknownVariables, variableOf } from './variables.ts';

/** The settings that may be command-line options, as they were typed: `config` is --config. */
export type CallOptions = Partial<Record<'config' | 'db' | 'host' | 'port', string | undefined>>;

interface ConfigDeps {
  env: Record<string, string | undefined>;
  cwd: string;
  /** The command-line options, which override everything else. */
  options?: CallOptions;
  /** Returns what is wrong with a cron expression, or undefined if it is right. */
  faultOfSchedule(expression: string): string | undefined;
}

export type FormerFiles = Partial<Record<OwnFile, string>>;

export interface ReadConfig {
  config: Config;
  /**
   * Paths from earlier versions, in which all archives in a folder shared these files. Only for files whose path no
   * setting gives.
   */
  former: FormerFiles;
  /** The most permissive mode of files that this process makes. */
  fileMode: FileMode;
  /** A sentence for each variable with our prefix that is not a setting, such as a misspelt one. */
  warnings: string[];
}

/**
 * Returns each setting from the command-line options; if it is not there, from the environment; if it is not there
 * either, from archive.yaml. Throws ConfigInvalid with all faults.
 */
export function readConfig({ env, cwd, options = {}, faultOfSchedule }: ConfigDeps): ReadConfig {
  const faults: ConfigFault[] = [];
  const { settings: file, whereIs } = readSettingsFile({ env, cwd, config: options.config }, faults);
  const asked = new Map<string, string | undefined>(Object.entries(options));
  /**
   * Returns the option or variable that gives a setting, with its text; undefined if only archive.yaml may have the
   * setting.
   */
  const giverOf = (key: string): { name: string; text: string } | undefined => {
    const typed = asked.get(key);
    if (typed !== undefined) return { name: `--${key}`, text: typed };
    const text = env[variableOf(key)];
    return text === undefined || text === '' ? undefined : { name: variableOf(key), text };
  };
  const given = <K extends keyof typeof settings>(key: K): z.output<(typeof settings)[K]> | undefined => {
    const giver = giverOf(key);
    if (giver === undefined) return file[key] as z.output<(typeof settings)[K]> | undefined;
    const parsed = settings[key].safeParse(giver.text);
    if (parsed.success) return parsed.data as z.output<(typeof settings)[K]>;
    faults.push(...configFaultsOf(parsed.error, giver.name));
    return undefined;
  };
  const value = <K extends keyof typeof settings>(key: K, otherwise: z.output<(typeof settings)[K]>) =>
    given(key) ?? otherwise;
  const shownName = (key: string) => giverOf(key)?.name ?? key;
  const regions = regionsOf(env, faults) ?? file.regions ?? [];
  const db = resolve(cwd, value('db', 'data/archive.db'));
  const unnamed: OwnFile[] = [];
  const own = (file: OwnFile) => {
    const named = given(file);
    if (named === undefined) unnamed.push(file);
    return resolve(cwd, named ?? ownFileOf(db, OWN_FILES[file]));
  };
  const { faults: reportFaults, ...reports } = readReports(file.reports ?? [], { cwd, faultOfSchedule });
  const configured = (file.sources ?? [{ alias: 'default' }]).map((source) => sourceOf(source, regions));
  const config: Config = {
    db,
    authDb: own('authDb'),
    accessDb: own('accessDb'),
    accessLogDays: value('accessLogDays', 400),
    accessLogBytes: value('accessLogBytes', 4 * 1024 * 1024 * 1024),
    ledgerKey: own('ledgerKey'),
    reportsFile: own('reportsFile'),
    ...refuseRepeated(configured),
    schedule: value('schedule', '*/5 * * * *'),
    host: value('host', '127.0.0.1'),
    port: value('port', 8420),
    trustProxy: value('trustProxy', false),
    logLevel: value('logLevel', 'info'),
    settlingMs: value('settlingMs', 15 * 60_000),
    spreadMs: value('spreadMs', DEFAULT_SPREAD_MS),
    overlapMs: value('overlapMs', 15 * 60_000),
    lateLooks: value('lateLooks', 20),
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
    shownName,
  );
  if (checkpointBucket) config.checkpointBucket = checkpointBucket;
  const witnesses = value('witnesses', []);
  if (witnesses.length > 0) config.witnesses = witnesses;
  if (file.verify) config.verifyKeys = file.verify.keys;
  const outputMaxBytes = given('outputMaxBytes');
  if (file.fullOutputs) config.fullOutputs = fullOutputsOf(file.fullOutputs, outputMaxBytes);
  const callDeadlineMs = given('callDeadlineMs');
  if (callDeadlineMs !== undefined) config.callDeadlineMs = callDeadlineMs;
  const log = value('log', 'auto');
  if (log !== 'auto') config.log = log;
  const upstream = value('upstream', '');
  if (upstream !== '') config.aws = { endpoint: upstream, isArchive: true };
  // Only for schedules does an empty variable mean something: then nothing is verified, or sealed, by schedule.
  const scheduleOf = (key: 'verifySchedule' | 'sealSchedule', otherwise: string) =>
    env[variableOf(key)] === '' ? '' : value(key, otherwise);
  const verifySchedule = scheduleOf('verifySchedule', '0 3 * * *');
  if (verifySchedule !== '') config.verifySchedule = verifySchedule;
  const archiveNumber = given('number');
  if (archiveNumber !== undefined) config.archiveNumber = archiveNumber;
  const { lake, warnings: lakeWarnings } = lakeOf(
    {
      ...{ lake: given('lake'), sealAfterDays: given('sealAfterDays'), lakeCacheBytes: given('lakeCacheBytes') },
      sealSchedule: scheduleOf('sealSchedule', '30 1 * * *'),
      isScheduleGiven: given('sealSchedule') !== undefined,
    },
    { cwd, keyOf: shownName },
  );
  if (lake) config.lake = lake;
  const sealFault = lake?.schedule === undefined ? undefined : faultOfSchedule(lake.schedule);
  if (sealFault) faults.push({ key: shownName('sealSchedule'), problem: sealFault });
  for (const key of ['schedule', 'verifySchedule'] as const) {
    const problem = config[key] === undefined ? undefined : faultOfSchedule(config[key]);
    if (problem) faults.push({ key: shownName(key), problem });
  }
  faults.push(...bucketFaults, ...repeatedAliases(configured), ...reportFaults, ...sharedFiles(config, shownName));
  if (faults.length > 0) throw new ConfigInvalid(faults.map((fault) => ({ ...whereIs(fault.key), ...fault })));
  return {
    config,
    former: formerFiles(config, unnamed),
    fileMode: mode,
    warnings: [...unknownVariables(env), ...lakeWarnings],
  };
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

function sharedFiles(config: Config, shownName: (key: string) => string): ConfigFault[] {
  const keys = ['db', 'authDb', 'accessDb', 'ledgerKey', 'reportsFile', 'tokenFile'] as const;
  return keys.flatMap((key, i) => {
    const other = keys.slice(0, i).find((earlier) => config[earlier] === config[key]);
    if (other === undefined) return [];
    const problem = `must be a separate file, but ${config[key]} is also the file of ${other}`;
    return [{ key: shownName(key), problem }];
  });
}

/**
 * Returns the former paths of these files. A path that a setting gives does not count as the former path of another
 * file.
 */
function formerFiles(config: Config, unnamed: readonly OwnFile[]): FormerFiles {
  const { db, authDb, accessDb, ledgerKey, reportsFile, tokenFile } = config;
  const named = [db, authDb, accessDb, ledgerKey, reportsFile, tokenFile];
  const former = unnamed.map((file) => [file, formerFileOf(db, file)] as const);
  return Object.fromEntries(former.filter(([, path]) => !named.includes(path)));
}
