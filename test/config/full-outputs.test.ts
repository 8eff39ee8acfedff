import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigInvalid } from '../../src/config/config-invalid.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { faultOfSchedule } from '../../src/ingest/schedule.ts';
import { tempFolder } from '../db/temp-archive.ts';

function read(yaml: string, env: Record<string, string> = {}) {
  const cwd = tempFolder();
  writeFileSync(join(cwd, 'archive.yaml'), yaml);
  return readConfig({ env, cwd, faultOfSchedule }).config.fullOutputs;
}

function faultsOf(yaml: string): string[] {
  try {
    read(yaml);
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.faults.map(({ key, problem }) => `${key}: ${problem}`);
    throw error;
  }
  return [];
}

describe('fullOutputs of archive.yaml', () => {
  it('is off unless it is there', () => {
    expect(read('port: 1')).toBeUndefined();
    expect(read('port: 1', { SSM_ARCHIVE_OUTPUT_MAX_BYTES: '5000' })).toBeUndefined();
  });

  it('has the places in the order in which they forget, and defaults for all that is not needed', () => {
    expect(read('fullOutputs: { from: [s3, get], buckets: [b] }')).toEqual({
      ...{ from: ['get', 's3'], buckets: ['b'], logGroups: [], callsAPass: 100, maxBytes: 1_048_576 },
    });
    const yaml = `fullOutputs:
  from: [logs]
  logGroups: [/aws/ssm/*]
  accounts: ["012345678901"]
  documents: [AWS-*]
  statuses: [failed, Timed Out]
  callsAPass: 7`;
    expect(read(yaml, { SSM_ARCHIVE_OUTPUT_MAX_BYTES: '2048' })).toEqual({
      ...{ from: ['logs'], buckets: [], logGroups: ['/aws/ssm/*'], accounts: ['012345678901'], documents: ['AWS-*'] },
      ...{ statuses: ['Failed', 'TimedOut'], callsAPass: 7, maxBytes: 2048 },
    });
  });

  it('allows no bucket and no log group that it does not name, and tells all faults at once', () => {
    expect(faultsOf('fullOutputs: { from: [s3, logs] }')).toEqual([
      'fullOutputs.buckets: is needed for s3: only the buckets that it names are read',
      'fullOutputs.logGroups: is needed for logs: only the log groups that it names are read',
    ]);
    expect(faultsOf('fullOutputs: { from: [get], buckets: [b] }')).toEqual([
      'fullOutputs.buckets: has no effect without s3 in from',
    ]);
    expect(faultsOf('fullOutputs: { from: [s4], buckets: ["*"], statuses: [Faild], callsAPass: 0 }')).toEqual([
      'fullOutputs.from[0]: must be get, logs, s3',
      'fullOutputs.statuses[0]: must be a Status or StatusDetails of AWS, not "Faild". Did you mean "Failed"?',
      'fullOutputs.buckets[0]: must be the name of a bucket, or its beginning with * at the end',
      'fullOutputs.callsAPass: must be a whole number from 1 to 100000, not "0"',
    ]);
  });
});
