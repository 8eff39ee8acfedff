import { lstatSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { findPathFault, pathFault } from '../lib/errors/path-fault.ts';
import type { FileMode } from '../lib/files/file-mode.ts';
import { formerFileOf, OWN_FILES, type OwnFile, ownFileOf } from '../lib/files/own-files.ts';
import { decodeText } from '../lib/text-file/decode-text.ts';
import { SEVERAL_DOCUMENTS } from '../lib/text-file/several-documents.ts';
import { TextUnreadable } from '../lib/text-file/text-unreadable.ts';
import { faultsOf, memberPath } from '../lib/words/own-words.ts';
import { wordsOfYaml } from '../lib/words/yaml-words.ts';
import { DEFAULT_SPREAD_MS } from '../model/coverage/retention.ts';
import { checkpointBucketOf } from './checkpoint-bucket.ts';
import type { Config } from './config.ts';
import { type ConfigFault, ConfigInvalid } from './config-invalid.ts';
import { fullOutputsForm, fullOutputsOf } from './full-outputs-form.ts';
import { lineInFile } from './line-in-file.ts';
import { readReports, reportEntry } from './report-entry.ts';
import { settings } from './settings.ts';
import { REGION, refuseRepeated, regionName, repeatedAliases, sourceForm, sourceOf } from './source-form.ts';
import { PREFIX, unknownVariables, variableOf } from './variables.ts';
import { verifyForm } from './verify-form.ts';

export const LOG_VARIABLE = `${PREFIX}LOG`;
const DEFAULT_FILE = 'archive.yaml';

const fileForm = z.strictObject({
  ...Object.fromEntries(Object.entries(settings).map(([key, form]) => [key, form.optional()])),
  regions: z.array(regionName).optional(),
  sources: z.array(sourceForm).min(1, 'must have a source').optional(),
  reports: z.array(reportEntry).optional(),
  verify: verifyForm.optional(),
  fullOutputs: fullOutputsForm.optional(),
});

/** Settings that may be options of a call, as they were typed: `config` is --config. */
export type CallOptions = Partial<Record<'config' | 'db' | 'host' | 'port', string | undefined>>;

interface ConfigDeps {
  env: Record<string, string | undefined>;
  cwd: string;
  /** The options of the call, which override everything else. */
  options?: CallOptions;
  /** Returns what is wrong with a cron expression, or undefined if it is right. */
  faultOfSchedule(expression: string): string | undefined;
}

export type FormerFiles = Partial<Record<OwnFile, string>>;

export interface ReadConfig {
  config: Config;
  /** The former paths of files that no setting names, from when all archives in a folder shared them. */
  former: FormerFiles;
  /** The most permissive mode of files that this process makes. */
  fileMode: FileMode;
  /** A sentence for each variable with our prefix that is not a setting, such as a misspelt one. */
  warnings: string[];
}

/**
 * Returns each setting from the first of the call's options, the environment and archive.yaml that has it. Throws
 * ConfigInvalid with all faults.
 */
export function readConfig({ env, cwd, options = {}, faultOfSchedule }: ConfigDeps): ReadConfig {
  const faults: ConfigFault[] = [];
  const { settings: file, whereIs } = readFile({ env, cwd, options }, faults);
  const asked = new Map<string, string | undefined>(Object.entries(options));
  /** Returns the name of a setting outside the file; undefined if it is not given there. */
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
  const outputMaxBytes = given('outputMaxBytes');
  if (file.fullOutputs) config.fullOutputs = fullOutputsOf(file.fullOutputs, outputMaxBytes);
  if (file.verify) config.verifyKeys = file.verify.keys;
  const callDeadlineMs = given('callDeadlineMs');
  if (callDeadlineMs !== undefined) config.callDeadlineMs = callDeadlineMs;
  const log = value('log', 'auto');
  if (log !== 'auto') config.log = log;
  const upstream = value('upstream', '');
  if (upstream !== '') config.aws = { endpoint: upstream, isArchive: true };
  // Only for this setting does an empty variable have a meaning: never.
  const verifySchedule = env[variableOf('verifySchedule')] === '' ? '' : value('verifySchedule', '0 3 * * *');
  if (verifySchedule !== '') config.verifySchedule = verifySchedule;
  for (const key of ['schedule', 'verifySchedule'] as const) {
    const problem = config[key] === undefined ? undefined : faultOfSchedule(config[key]);
    if (problem) faults.push({ key: shownName(key), problem });
  }
  faults.push(...bucketFaults, ...repeatedAliases(configured), ...reportFaults, ...sharedFiles(config, shownName));
  if (faults.length > 0) throw new ConfigInvalid(faults.map((fault) => ({ ...whereIs(fault.key), ...fault })));
  return { config, former: formerFiles(config, unnamed), fileMode: mode, warnings: unknownVariables(env) };
}

type FileSettings = z.output<typeof fileForm> & Record<string, unknown>;

interface SettingsFile {
  settings: FileSettings;
  /** Returns the place of a key in the file, if the file has it. */
  whereIs(key: string): { where?: string };
}

function readFile(
  { env, cwd, options = {} }: Omit<ConfigDeps, 'faultOfSchedule'>,
  faults: ConfigFault[],
): SettingsFile {
  const variable = env[`${PREFIX}CONFIG`];
  const named = options.config ?? (variable || undefined);
  const path = resolve(cwd, named ?? DEFAULT_FILE);
  const nothing = { settings: {}, whereIs: () => ({}) };
  const key = options.config !== undefined ? '--config' : named === undefined ? path : `${PREFIX}CONFIG`;
  // A link to a missing file counts: its target may be on a disk that is not mounted.
  if (named === undefined && lstatSync(path, { throwIfNoEntry: false }) === undefined) return nothing;
  const fault = findPathFault(path);
  if (fault !== undefined) {
    const remedy = fault.includes(' is a folder') ? ': name the settings file in it' : '';
    faults.push({ key, problem: fault + remedy });
    return nothing;
  }
  const lines = new LineCounter();
  let text: string;
  try {
    text = decodeText(readFileSync(path));
  } catch (error) {
    if (error instanceof TextUnreadable) {
      faults.push({ key: path, problem: error.message });
      return nothing;
    }
    faults.push({ key, problem: pathFault(path, error) ?? `${path} can't be read` });
    return nothing;
  }
  // The failsafe schema keeps every scalar as text, so an account such as 012345678901 keeps its zero.
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines });
  if (document.errors.length > 0) {
    const severalIn = ({ code }: { code: string }) => code === 'MULTIPLE_DOCS';
    faults.push(
      ...document.errors.map((error) => ({
        key: path,
        ...(severalIn(error) ? { problem: SEVERAL_DOCUMENTS } : wordsOfYaml(error)),
      })),
    );
    return nothing;
  }
  const whereIs = (of: string) => {
    const line = lineInFile(document, lines, of);
    return line === undefined ? {} : { where: `${basename(path)}, line ${line}` };
  };
  const content: unknown = document.toJS();
  const parsed = fileForm.safeParse(content || {});
  if (parsed.success) return { settings: parsed.data, whereIs };
  faults.push(...configFaultsOf(parsed.error, ''));
  // The valid parts are still checked, so that their other faults are reported at the same time.
  const faulty = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
  const sound = isObject(content)
    ? Object.entries(content).filter(([key]) => !faulty.has(key) && key in fileForm.shape)
    : [];
  const again = fileForm.safeParse(Object.fromEntries(sound));
  return { settings: again.success ? again.data : {}, whereIs };
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

function sharedFiles(config: Config, shownName: (key: string) => string): ConfigFault[] {
  const keys = ['db', 'authDb', 'accessDb', 'ledgerKey', 'reportsFile', 'tokenFile'] as const;
  return keys.flatMap((key, i) => {
    const other = keys.slice(0, i).find((earlier) => config[earlier] === config[key]);
    if (other === undefined) return [];
    const problem = `must be a separate file, but ${config[key]} is also that of ${other}`;
    return [{ key: shownName(key), problem }];
  });
}

/** A file that a setting names is not the former file of another setting. */
function formerFiles(config: Config, unnamed: readonly OwnFile[]): FormerFiles {
  const { db, authDb, accessDb, ledgerKey, reportsFile, tokenFile } = config;
  const named = [db, authDb, accessDb, ledgerKey, reportsFile, tokenFile];
  const former = unnamed.map((file) => [file, formerFileOf(db, file)] as const);
  return Object.fromEntries(former.filter(([, path]) => !named.includes(path)));
}

function configFaultsOf(error: z.ZodError, root: string): ConfigFault[] {
  return faultsOf(error).map(({ path, message, isUnknown, proposal = '' }) => {
    const place = memberPath(path);
    const key = root === '' ? place : `${root}${place.startsWith('[') || place === '' ? '' : '.'}${place}`;
    const unknown = proposal === '' ? 'is not a setting; see docs/configuration.md' : `is not a setting.${proposal}`;
    return { key: key || DEFAULT_FILE, problem: isUnknown ? unknown : message };
  });
}
