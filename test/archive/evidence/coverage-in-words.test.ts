import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { certifyForEvidence } from '../../../src/archive/evidence/certify-for-evidence.ts';
import { beginRun, emptyTally } from '../../../src/archive/record-run.ts';
import { beginSweep, finishSweep } from '../../../src/archive/record-sweep.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { tempArchive, tempFolder } from '../../db/temp-archive.ts';
import { daysAgo, NOW_MS, target } from '../archive-with-passes.ts';
import { SOURCE } from '../raw-invocation.ts';

test('a pack says of its coverage where later invocations of earlier commands may be missing, and is not complete there', () => {
  const archive = tempArchive();
  const { sqlite } = archive;
  const runId = beginRun(archive, { startedAt: daysAgo(0.1), collector: 'here:1' });
  const id = beginSweep(archive, { runId, source: SOURCE, target: target(20, 1), startedAt: daysAgo(0.1) });
  const spans = [{ from: NOW_MS - 20 * DAY_MS, to: NOW_MS - DAY_MS }];
  const end = { outcome: 'complete', finishedAt: daysAgo(0.05), tally: emptyTally() } as const;
  finishSweep(archive, id, { ...end, covered: { source: SOURCE, spans } });
  const inWords = (from: number) =>
    certifyForEvidence(
      {
        ...{ reader: sqlite, writer: sqlite, now: () => new Date(NOW_MS), random: randomBytes },
        keyPath: join(tempFolder(), 'ledger.key'),
      },
      900_000,
      { filter: { requestedAfter: daysAgo(from), requestedBefore: daysAgo(2) }, withoutOutputs: false },
    ).inWords;
  const place = `${SOURCE.accountId} ${SOURCE.region}`;
  expect(inWords(18)).toBe(`${place} complete`);
  expect(inWords(19)).toBe(
    `${place} NOT complete: commands sent before ${daysAgo(20)} may have later invocations that are missing, until ${daysAgo(18)}`,
  );
});
