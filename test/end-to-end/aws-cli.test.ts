import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openArchive } from '../../src/db/open.ts';
import { observeInvocation } from '../../src/upstream/replies/observe-invocation.ts';
import { ACCOUNT, REGION, start, startSetting } from './run-cli.ts';

// Debian's AWS CLI v2. Another "aws" may come before it on PATH.
const AWS = '/usr/bin/aws';

test.skipIf(!existsSync(AWS) && !process.env.CI)(
  `the AWS CLI pages through the simulator and agrees with the archive (needs ${AWS}: apt-get install awscli)`,
  async () => {
    const setting = await startSetting({ invocations: 1500, longShare: 0, rollingShare: 0 });
    expect((await start(setting, ['ingest']).ended).code).toBe(0);
    const { code, out, err } = await start(
      setting,
      ['ssm', 'list-command-invocations', '--endpoint-url', setting.simulator.url, '--details', '--output', 'json'],
      [AWS],
    ).ended;
    expect(err).toBe('');
    expect(code).toBe(0);
    const { CommandInvocations: listed }: { CommandInvocations: Record<string, unknown>[] } = JSON.parse(out);
    const db = openArchive(setting.archive);
    const rows = db.sqlite
      .prepare<unknown[], { command_id: string; instance_id: string; requested_at: string; steps: string }>(
        `SELECT command_id, instance_id, instance_name, comment, document_name, document_version, requested_at, status, status_details,
                (SELECT json_group_array(json_array(plugin_name, v.status, response_code, started_at, finished_at, output) ORDER BY position)
                   FROM plugin_runs v WHERE v.invocation_id = i.id) AS steps
           FROM invocations i WHERE account_id = ? AND region = ?`,
      )
      .all(ACCOUNT, REGION);
    db.close();
    const archived = new Map(rows.map((row) => [`${row.command_id} ${row.instance_id}`, row]));
    expect(listed.length).toBe(archived.size);
    for (const invocation of listed) {
      const shown = observeInvocation(invocation).normalize();
      const row = archived.get(`${invocation.CommandId} ${invocation.InstanceId}`);
      expect(row).toMatchObject({
        instance_name: shown.instanceName,
        comment: shown.comment,
        document_name: shown.documentName,
        document_version: shown.documentVersion,
        requested_at: shown.requestedAt,
        status: shown.status,
        status_details: shown.statusDetails,
      });
      const steps = shown.plugins.map((p) => [
        p.name,
        p.status,
        p.responseCode,
        p.startedAt,
        p.finishedAt,
        p.output?.text ?? null,
      ]);
      expect(JSON.parse(row?.steps ?? '')).toEqual(steps);
    }
  },
);
