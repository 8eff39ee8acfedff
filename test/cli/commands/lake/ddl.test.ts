import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../db/temp-archive.ts';
import { runHere } from '../../run-here.ts';

describe('ssm-archive lake ddl', () => {
  it('prints the statements for the lake that is configured, and nothing else, without an archive', async () => {
    const folder = tempFolder();
    const { exitCode, stdout, stderr } = await runHere(folder, ['lake', 'ddl', 'spark'], { SSM_ARCHIVE_LAKE: 'lake' });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`LOCATION '${join(folder, 'lake', 'invocations')}';`);
    expect(stdout).toMatch(/^-- The tables of a lake in Spark, printed by ssm-archive \d/);
  });

  it('prints those for another place, and for some tables alone', async () => {
    const args = [
      'lake',
      'ddl',
      'athena',
      '--location',
      's3://my-bucket/copy',
      '--table',
      'commands',
      '--table',
      'plugins',
    ];
    const { stdout } = await runHere(tempFolder(), args, { SSM_ARCHIVE_LAKE: 'lake' });
    expect(stdout.match(/^CREATE EXTERNAL TABLE .*$/gm)).toEqual([
      'CREATE EXTERNAL TABLE `ssm_archive`.`plugins` (',
      'CREATE EXTERNAL TABLE `ssm_archive`.`commands` (',
    ]);
    expect(stdout).toContain("LOCATION 's3://my-bucket/copy/commands/'");
  });

  it.each<[string, string[], string]>([
    ['there is no lake', ['trino'], 'There is no lake. Set lake in archive.yaml, or SSM_ARCHIVE_LAKE'],
    ['the engine is unknown', ['hive', '--location', '/'], 'Allowed choices are athena, trino, spark'],
    ['the table is unknown', ['trino', '--location', '/', '--table', 'x'], '--table accepts invocations, '],
    ['the place is neither', ['trino', '--location', 'gs://bucket'], 'is neither a folder nor a bucket'],
    ['the engine cannot read the place', ['athena', '--location', '/'], 'Athena reads buckets of S3 alone'],
  ])('says what is wrong if %s, and prints nothing', async (_, args, said) => {
    const { exitCode, stdout, stderr } = await runHere(tempFolder(), ['lake', 'ddl', ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(said);
  });
});
