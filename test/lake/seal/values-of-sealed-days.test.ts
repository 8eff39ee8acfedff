import { expect, it } from 'vitest';
import { suggestValues } from '../../../src/archive/nodes/suggest-values.ts';
import { findUnseen } from '../../../src/archive/values/find-never-seen.ts';
import type { OpenValues } from '../../../src/archive/values/open-filter.ts';
import { sealDay } from '../../../src/lake/seal/seal-day.ts';
import { NOTHING } from '../../archive/values/seen-archive.ts';
import { sealedArchive } from '../sealed-archive.ts';

it('values that only rows of sealed days had still count as seen, and are suggested', async () => {
  const { sqlite, deps, days } = await sealedArchive({ sealed: 0, invocations: 60 });
  const asked = sqlite
    .prepare<[], OpenValues>(
      `SELECT i.account_id AS account, i.region, i.command_id AS commandId, i.instance_id AS instanceId,
              i.instance_name AS instanceName, i.document_name AS documentName, i.comment, p.name AS pluginName
         FROM invocations i JOIN plugins p ON p.invocation_id = i.id`,
    )
    .all();
  const nameOf = asked.map(({ instanceName }) => instanceName ?? '').find((name) => name !== '') ?? '';
  const answers = () => [
    asked.flatMap((values) => findUnseen(sqlite, values, NOTHING)),
    suggestValues(sqlite, { field: 'instanceId', begin: 'i-', limit: 1000 }),
    suggestValues(sqlite, { field: 'instanceName', begin: nameOf[0] ?? '-', limit: 1000 }),
    findUnseen(sqlite, { instanceId: 'i-00', documentName: 'None', pluginName: 'none', comment: 'n one' }, NOTHING),
  ];
  const before = answers();
  expect(before[0]).toEqual([]);
  for (const day of days) await sealDay(deps, day);
  expect(sqlite.prepare('SELECT count(*) FROM invocations').pluck().get()).toBeLessThan(asked.length / 10);
  expect(answers()).toEqual(before);
});
