import { expect, it } from 'vitest';
import { deliverReport } from '../../src/reports/deliveries/deliver-report.ts';
import { deliveredIn, deliveryTrial } from './delivery-trial.ts';

const never = new AbortController().signal;
const SPAN = { from: '2026-01-01', to: '2026-03-31' };

it('a report that is delivered with a value that the archive has never seen has a sentence about this value beside its rows', async () => {
  const { deps, delivery, directory, record } = deliveryTrial([]);
  record([{ InstanceId: 'i-1' }]);
  const values = { ...SPAN, document: 'AWS-RunShelScript' };
  expect((await deliverReport(deps, delivery('what-ran', { values }), never)).rows).toBe(0);
  const [delivered] = deliveredIn(directory);
  expect(delivered?.about).toMatchObject({
    rows: 0,
    neverSeen: [
      { parameter: 'document', filter: 'documentName', value: 'AWS-RunShelScript', near: ['AWS-RunShellScript'] },
    ],
    coverage: { state: 'notCollected' },
    notes: [
      'document "AWS-RunShelScript": the archive has never seen it. Did you mean "AWS-RunShellScript"?',
      expect.stringMatching(
        /^Looked at what was requested from 2026-01-01T00:00:00.000Z to 2026-03-31T00:00:00.000Z: nothing of it was collected/,
      ),
    ],
  });
});

it('a report that is delivered with a value that the archive has seen has no sentence about values never seen', async () => {
  const { deps, delivery, directory, record } = deliveryTrial([]);
  record([{ InstanceId: 'i-1' }]);
  const values = { ...SPAN, document: 'AWS-RunShellScript' };
  expect((await deliverReport(deps, delivery('what-ran', { values }), never)).rows).toBe(1);
  const [delivered] = deliveredIn(directory);
  expect(Object.keys(delivered?.about ?? {})).not.toEqual(expect.arrayContaining(['neverSeen']));
  expect(delivered?.about).not.toHaveProperty('notes');
});
