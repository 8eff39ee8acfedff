import { describe, expect, it } from 'vitest';
import { listInstances } from '../../../src/archive/nodes/list-instances.ts';
import { suggestValues } from '../../../src/archive/nodes/suggest-values.ts';
import { recordSealedValues, valuesOfDay } from '../../../src/archive/sealed/record-sealed-values.ts';
import { findUnseen } from '../../../src/archive/values/find-never-seen.ts';
import { resolvePrefix } from '../../../src/archive/values/resolve-prefix.ts';
import { statusValues } from '../../../src/archive/values/status-values.ts';
import type { OpenFilter } from '../../../src/questions/filters.ts';
import { rawPlugin, SOURCE } from '../raw-invocation.ts';
import { archiveWith, list, NOTHING, show } from '../values/seen-archive.ts';
import { sealRows } from './seal-rows.ts';

const COMMAND = 'aaaaaaaa-2222-4333-8444-555555555555';
const OTHER = { accountId: '999988887777', region: 'sa-east-1' };
const ONE = {
  CommandId: COMMAND,
  InstanceId: 'i-0123456789abcdef0',
  InstanceName: 'web-01.example',
  Comment: 'March Patch Tuesday',
  DocumentName: 'AWS-RunPatchBaseline',
  CommandPlugins: [rawPlugin({ Name: 'PatchLinux' })],
};
const BEFORE = {
  ...ONE,
  Status: 'InProgress',
  InstanceName: 'old-name',
  CommandPlugins: [rawPlugin({ Name: 'First' })],
};

/** An archive with an invocation whose name and step changed, and one of another account. */
function sealed() {
  const db = archiveWith([BEFORE]);
  show(db, [ONE], { minute: 1 });
  show(db, [{ InstanceId: 'i-fedcba98', DocumentName: 'Own-Doc', Status: 'Superseded' }], { source: OTHER });
  return db;
}

/**
 * Values that the archive has, and one that it never had, with the nearest that it has. Filters that are added later are
 * in test/archive/values/find-never-seen.property.test.ts.
 */
const SEEN: Readonly<Partial<Record<OpenFilter, { has: string[]; never: string; near: string }>>> = {
  account: { has: [SOURCE.accountId, OTHER.accountId], never: '99998888777', near: OTHER.accountId },
  region: { has: [SOURCE.region, OTHER.region], never: 'sa-east1', near: OTHER.region },
  commandId: { has: [COMMAND], never: 'aaaaaaaa-2222-4333-8444-55555555555', near: COMMAND },
  instanceId: { has: [ONE.InstanceId, 'i-fedcba98'], never: 'i-fedcba99', near: 'i-fedcba98' },
  instanceName: { has: ['web-', 'old-name', 'old'], never: 'wEb-01.example', near: ONE.InstanceName },
  documentName: { has: [ONE.DocumentName, 'Own-Doc'], never: 'Own-Dock', near: 'Own-Doc' },
  pluginName: { has: ['PatchLinux', 'First'], never: 'PatchLinus', near: 'PatchLinux' },
  comment: { has: ['Patch Tues', 'March'], never: 'patch tuesday', near: 'Patch Tuesday' },
};

describe('a value that only invocations of sealed days have', () => {
  it.each(Object.entries(SEEN))(
    'counts as seen with the filter %s, as before, and a value that was never there still does not',
    (filter, { has, never, near }) => {
      const db = sealed();
      const before = [...has, never].map((value) => findUnseen(db.sqlite, { [filter]: value }, NOTHING));
      sealRows(db);
      expect(db.sqlite.prepare('SELECT count(*) FROM invocations').pluck().get()).toBe(0);
      const after = [...has, never].map((value) => findUnseen(db.sqlite, { [filter]: value }, NOTHING));
      expect(after).toEqual(before);
      expect(after.slice(0, -1).flat()).toEqual([]);
      expect(after.at(-1)).toMatchObject([{ filter, certainty: 'never', near: expect.arrayContaining([near]) }]);
    },
  );

  it('is completed from its first letters, suggested while somebody types, and accepted as a status', () => {
    const db = sealed();
    const answers = () => [
      resolvePrefix(db.sqlite, 'instanceId', 'i-fed'),
      resolvePrefix(db.sqlite, 'commandId', 'aaaa'),
      suggestValues(db.sqlite, { field: 'instanceId', begin: 'i-', limit: 5 }),
      suggestValues(db.sqlite, { field: 'instanceName', begin: 'web', limit: 5 }),
      suggestValues(db.sqlite, { field: 'documentName', begin: 'own', limit: 5 }),
      statusValues(db.sqlite),
    ];
    const before = answers();
    sealRows(db);
    expect(answers()).toEqual(before);
    expect(before.at(-1)).toEqual(['Superseded']);
  });

  it('is a node of the list of nodes, without numbers', () => {
    const db = sealed();
    const ids = () =>
      listInstances(db.sqlite, { limit: 9 }).items.map(({ instanceId, accountId }) => [instanceId, accountId]);
    const before = ids();
    sealRows(db);
    expect(ids()).toEqual(before);
    expect(listInstances(db.sqlite, { limit: 1 }).items).toMatchObject([{ invocations: 0, firstRequestedAt: null }]);
  });

  it('is kept once for an account and region, whatever the number of sealed days', () => {
    const db = sealed();
    for (const day of ['2026-03-01', '2026-02-01', '2026-04-01'])
      recordSealedValues(db.sqlite, day, valuesOfDay(db.sqlite, '2026-03-01'));
    const rows = db.sqlite
      .prepare("SELECT value, first_day, last_day FROM sealed_values WHERE kind = 'instanceId'")
      .all();
    expect(rows).toEqual(
      [ONE.InstanceId, 'i-fedcba98'].map((value) => ({ value, first_day: '2026-02-01', last_day: '2026-04-01' })),
    );
  });
});

it('comments are kept only if no command has them, and names only if AWS sent one', () => {
  const db = archiveWith([ONE, { InstanceId: 'i-2', InstanceName: '', Comment: '' }]);
  const kinds = () => new Set(valuesOfDay(db.sqlite, '2026-03-01').map(({ kind }) => kind));
  expect(kinds()).toEqual(new Set(['place', 'instanceId', 'instanceName', 'documentName', 'pluginName']));
  list(db, { CommandId: COMMAND, Comment: 'another', DocumentName: 'AWS-RunPatchBaseline' });
  expect(kinds()).toContain('comment');
});
