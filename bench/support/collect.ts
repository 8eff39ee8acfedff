import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { packageRoot } from '../../src/lib/process/package-root.ts';
import { AWS_CLI_1, SQLITE_UTILS, type Tool } from '../../test/deploy/tools.mjs';
import { CREDENTIALS } from './start-service.ts';
import { type CommandTimes, timeCommands } from './time-commands.ts';

/** Debian's AWS CLI, which is version 2. It is named by its path, because PATH may lead to another `aws` first. */
const AWS = '/usr/bin/aws';
const runPackage = ({ path }: Tool, module: string) => `PYTHONPATH='${path}' python3 -m ${module}`;

/** The command lines of the AWS CLI with which invocations are collected, by how the benchmarks name them. */
const AWS_CLIS = { 'aws v2': AWS, 'aws v1': runPackage(AWS_CLI_1, 'awscli') } as const;
export type AwsCli = keyof typeof AWS_CLIS;

export interface Collected extends CommandTimes {
  path: string;
  rows: number;
}

/** Returns the programs that the rival needs and this machine lacks; undefined if none is missing. */
export function missingTools(): string | undefined {
  const missing = [
    ...(existsSync(AWS) ? [] : [`${AWS} (Debian: apt-get install awscli)`]),
    ...[AWS_CLI_1, SQLITE_UTILS]
      .filter(({ path }) => !existsSync(path))
      .map(({ name }) => `${name} (node test/install-tools.mjs installs it)`),
  ];
  return missing.length > 0 ? missing.join(' and ') : undefined;
}

/**
 * Runs `ssm-archive ingest` against the service into a new file, with this archive.yaml. Runs it as it is installed:
 * dist/cli.js in a separate process.
 */
export async function collectOurs(url: string, path: string, cwd: string, yaml?: string): Promise<Collected> {
  const env: Record<string, string> = { ...CREDENTIALS, AWS_ENDPOINT_URL: url, SSM_ARCHIVE_DB: path };
  if (yaml !== undefined) {
    env.SSM_ARCHIVE_CONFIG = `${path}.yaml`;
    writeFileSync(env.SSM_ARCHIVE_CONFIG, yaml);
  }
  const cli = join(packageRoot(), 'dist', 'cli.js');
  const times = await timeCommands(`'${process.execPath}' '${cli}' ingest --json`, env, cwd);
  return { ...times, path, rows: countRows(path) };
}

/**
 * Collects the same invocations with the AWS CLI and sqlite-utils. The CLI does its own paging. Each invocation becomes
 * one row, with its steps as JSON in a column.
 */
export async function collectByTools(
  url: string,
  path: string,
  { cwd, cli }: { cwd: string; cli: AwsCli },
): Promise<Collected> {
  const list = `${AWS_CLIS[cli]} ssm list-command-invocations --endpoint-url ${url} --details --query CommandInvocations --output json`;
  // --alter, because sqlite-utils makes the columns from the first hundred rows, and later rows may have a member that
  // none of these has.
  const insert = `${runPackage(SQLITE_UTILS, 'sqlite_utils')} insert --alter '${path}' invocations -`;
  const times = await timeCommands(`${list} | ${insert}`, CREDENTIALS, cwd);
  return { ...times, path, rows: countRows(path) };
}

/** Returns the number of invocations. Throws if the two files differ in invocations or their statuses. */
export function compareCollected(ours: Collected, tools: Collected): number {
  const sqlite = new SQLite(ours.path);
  sqlite.prepare('ATTACH ? AS tools').run(tools.path);
  const mine = 'SELECT command_id, instance_id, status, status_details FROM main.invocations';
  const theirs = 'SELECT CommandId, InstanceId, Status, StatusDetails FROM tools.invocations';
  const count = (query: string) => Number(sqlite.prepare(`SELECT count(*) FROM (${query})`).pluck().get());
  const [missing, more] = [count(`${theirs} EXCEPT ${mine}`), count(`${mine} EXCEPT ${theirs}`)];
  sqlite.close();
  if (ours.rows !== tools.rows || missing > 0 || more > 0)
    throw new Error(
      `ssm-archive has ${ours.rows} invocations, and the tools ${tools.rows}; only the tools have ${missing}, only ssm-archive ${more}.`,
    );
  return ours.rows;
}

function countRows(path: string): number {
  const sqlite = new SQLite(path);
  const rows = Number(sqlite.prepare('SELECT count(*) FROM invocations').pluck().get());
  sqlite.close();
  return rows;
}
