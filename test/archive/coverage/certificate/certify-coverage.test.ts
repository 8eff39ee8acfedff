import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newestCheckpoint } from '../../../../src/archive/checkpoints/make-checkpoint.ts';
import { readLedgerEntries } from '../../../../src/archive/checkpoints/read-ledger-entries.ts';
import { certifyCoverage } from '../../../../src/archive/coverage/certificate/certify-coverage.ts';
import {
  CERTIFICATE_HEADER,
  issueCertificate,
} from '../../../../src/archive/coverage/certificate/issue-certificate.ts';
import { prune } from '../../../../src/archive/prune/prune.ts';
import { createListedCommandRecorder } from '../../../../src/archive/record/record-listed-commands.ts';
import { createSingleReplyRecorder } from '../../../../src/archive/record/record-replies.ts';
import { beginRun, recordRunSource } from '../../../../src/archive/record/record-run.ts';
import { beginSweep, finishSweep } from '../../../../src/archive/record/record-sweep.ts';
import { rememberExecuting } from '../../../../src/archive/record/unfinished-commands.ts';
import type { ArchiveDb } from '../../../../src/db/open.ts';
import { parseCheckpoint } from '../../../../src/ledger/notes/checkpoint.ts';
import { parseVerifierKey } from '../../../../src/ledger/notes/note-key.ts';
import { readVerifierKey } from '../../../../src/ledger/notes/open-signer.ts';
import { openNote, parseNote } from '../../../../src/ledger/notes/signed-note.ts';
import { tileStore } from '../../../../src/ledger/tiles/tile-store.ts';
import { canonicalJson } from '../../../../src/lib/json/canonical-json.ts';
import { DAY_MS } from '../../../../src/lib/time.ts';
import { emptyTally } from '../../../../src/model/coverage/counters.ts';
import { observeCommand } from '../../../../src/upstream/replies/observe-command.ts';
import { tempArchive, tempFolder } from '../../../db/temp-archive.ts';
import { daysAgo, NOW_MS, recordPass, target } from '../../archive-with-passes.ts';
import { page, rawInvocation, SOURCE } from '../../raw-invocation.ts';

const OTHER = { accountId: '999999999999', region: 'us-east-1' };
const ms = (days: number) => NOW_MS - days * DAY_MS;
const BASE = { nowMs: NOW_MS, settlingMs: 900_000 };
const WEEK = { ...BASE, from: ms(10), to: ms(3) };

/** Lists these days of a source to their end, as a pass does. */
function sweep(
  db: ArchiveDb,
  runId: number,
  [from, to]: [number, number],
  { source = SOURCE, requestIds }: { source?: typeof SOURCE; requestIds?: string[] } = {},
): number {
  const id = beginSweep(db.sqlite, { runId, source, target: target(from, to), startedAt: daysAgo(0.1) });
  finishSweep(db.sqlite, id, {
    outcome: 'complete',
    finishedAt: daysAgo(0.05),
    tally: { ...emptyTally(), pages: 3, calls: 4 },
    requestIds,
    covered: { source, spans: [{ from: ms(from), to: ms(to) }] },
  });
  return id;
}

function archive(...covered: [number, number][]) {
  const db = tempArchive();
  const runId = beginRun(db.sqlite, { startedAt: daysAgo(0.1), collector: 'here:1' });
  const sweeps = covered.map((span) => sweep(db, runId, span));
  return { db, runId, sweeps };
}

describe('a coverage certificate', () => {
  it('is not complete if part of the span was pruned, and says what was pruned, why and by whom', async () => {
    const { db } = archive([60, 1]);
    const at = (days: number) => ms(days) / 1000;
    createSingleReplyRecorder(db.sqlite)(
      page(
        [50, 45, 40].map((days) =>
          rawInvocation({ CommandId: `${days}`, InstanceId: `i-${days}`, RequestedDateTime: at(days) }),
        ),
      ),
    );
    const long = { ...BASE, from: ms(55), to: ms(36) };
    expect(certifyCoverage(db.sqlite, long)).toMatchObject({ complete: true, places: [{ prunings: [] }] });
    const deps = { sqlite: db.sqlite, now: () => new Date(NOW_MS), renew: () => {} };
    const order = { by: 'me', reason: 'rule 4' };
    await prune(deps, { ...order, kind: 'outputs', selection: { instanceId: 'i-50' } });
    const outputs = { what: 'outputs', ...order, invocations: 1, commands: 0, tombstones: 1, from: daysAgo(50) };
    expect(certifyCoverage(db.sqlite, long)).toMatchObject({ complete: true, places: [{ prunings: [outputs] }] });
    await prune(deps, { ...order, kind: 'invocations', selection: { requestedBefore: daysAgo(42) } });
    const [place] = certifyCoverage(db.sqlite, long).places;
    expect(place).toMatchObject({
      complete: false,
      gaps: [],
      prunings: [outputs, { what: 'entries', invocations: 2, from: daysAgo(50), to: daysAgo(45), firstAt: daysAgo(0) }],
    });
    const [entry] = readLedgerEntries(db.sqlite, { from: place?.prunings[1]?.firstLeaf ?? 0, to: 1000 });
    expect(entry?.kind).toBe('pruned');
    expect(certifyCoverage(db.sqlite, { ...BASE, from: ms(44), to: ms(36) }).complete).toBe(true);
  });

  it('is complete if sweeps prove it, and names each of these sweeps with its leaf', () => {
    const { db, sweeps } = archive([20, 12], [12, 6], [6, 2], [2, 1]);
    const found = certifyCoverage(db.sqlite, WEEK);
    expect(found).toMatchObject({
      asked: { accountId: null, region: null, from: daysAgo(10), to: daysAgo(3) },
      complete: true,
    });
    const [place] = found.places;
    expect(place).toMatchObject({
      ...{ ...SOURCE, span: { from: daysAgo(10), to: daysAgo(3) }, complete: true, gaps: [], unproven: [] },
      ...{ covered: [{ from: daysAgo(10), to: daysAgo(3) }], moreSweeps: 0, broughtInLeaves: [] },
    });
    expect(place?.sweeps.map(({ id }) => id)).toEqual([sweeps[1], sweeps[2]]);
    for (const { id, leaf, ...shown } of place?.sweeps ?? []) {
      expect(shown).toMatchObject({ operation: 'ListCommandInvocations', calls: 4, pages: 3, outcome: 'complete' });
      const [entry] = readLedgerEntries(db.sqlite, { from: leaf, to: leaf + 1 });
      expect(JSON.parse(entry?.entry ?? '')).toMatchObject({
        table: 'sweeps',
        row: { id, started_at: shown.startedAt },
      });
    }
  });

  it('has the request ids of the sweeps, and none for sweeps that were made before ids were recorded', () => {
    const { db, runId } = archive([20, 6]);
    sweep(db, runId, [6, 1], { requestIds: ['first', 'second'] });
    const [place] = certifyCoverage(db.sqlite, WEEK).places;
    expect(place?.sweeps.map((shown) => ('requestIds' in shown ? shown.requestIds : 'none'))).toEqual([
      'none',
      ['first', 'second'],
    ]);
  });

  it('is not complete if there are gaps, and names them with their causes', () => {
    const { db } = archive([20, 8], [6, 1]);
    recordPass(db, { startedMs: NOW_MS, failures: [{ target: target(8, 6), error: 'Throttled for good.' }] });
    const { complete, places } = certifyCoverage(db.sqlite, WEEK);
    expect([complete, places[0]?.complete]).toEqual([false, false]);
    expect(places[0]?.gaps).toMatchObject([
      { from: daysAgo(8), to: daysAgo(6), cause: expect.stringContaining('Throttled for good.') },
    ]);
    expect(places[0]).toMatchObject({
      covered: [
        { from: daysAgo(10), to: daysAgo(8) },
        { from: daysAgo(4), to: daysAgo(3) },
      ],
      edges: [{ from: daysAgo(6), to: daysAgo(4) }],
    });
  });

  it('is not complete if the span touches edges, and names these edges and their assumed length', () => {
    const { db } = archive([11, 0.02]);
    expect(certifyCoverage(db.sqlite, WEEK)).toMatchObject({
      complete: false,
      places: [
        {
          ...{ complete: false, gaps: [], unproven: [], spreadMs: 172_800_000 },
          covered: [{ from: daysAgo(9), to: daysAgo(3) }],
          edges: [{ from: daysAgo(11), to: daysAgo(9), cause: expect.stringContaining(`sent before ${daysAgo(11)}`) }],
        },
      ],
    });
    expect(certifyCoverage(db.sqlite, { ...WEEK, from: ms(9) })).toMatchObject({
      complete: true,
      places: [{ edges: [], spreadMs: 172_800_000 }],
    });
    // Without a start, the span begins at the end of the edge, and the edge is named.
    expect(certifyCoverage(db.sqlite, BASE)).toMatchObject({
      complete: true,
      places: [{ span: { from: daysAgo(9) }, edges: [{ from: daysAgo(11), to: daysAgo(9) }] }],
    });
  });

  it('is not complete if a span is in the coverage table but no ledger entry proves it', () => {
    const { db } = archive([20, 8]);
    recordPass(db, { startedMs: NOW_MS, covers: [[8, 1]] });
    const { complete, places } = certifyCoverage(db.sqlite, WEEK);
    expect(complete).toBe(false);
    expect(places[0]).toMatchObject({ gaps: [], unproven: [{ from: daysAgo(8), to: daysAgo(3) }] });
  });

  it('covers only the requested accounts and regions; for an unknown account it is empty and not complete', () => {
    const { db, runId } = archive([20, 1]);
    sweep(db, runId, [5, 4], { source: OTHER });
    const complete = (more: object) => certifyCoverage(db.sqlite, { ...WEEK, ...more }).complete;
    expect(complete({})).toBe(false);
    expect(complete({ accountId: SOURCE.accountId })).toBe(true);
    expect(complete({ region: OTHER.region })).toBe(false);
    expect(certifyCoverage(db.sqlite, { ...WEEK, accountId: '0' })).toMatchObject({ complete: false, places: [] });
    const { places } = certifyCoverage(db.sqlite, { ...BASE });
    expect(places.map(({ span }) => span.from)).toEqual([daysAgo(18), daysAgo(5)]);
  });

  it('compares invocations with the counts of ListCommands, and counts unfinished commands and invocations', () => {
    const { db } = archive([20, 1]);
    const command = (CommandId: string, days: number, counts: object) =>
      observeCommand({ CommandId, RequestedDateTime: ms(days) / 1000, Status: 'Success', ...counts });
    createListedCommandRecorder(db.sqlite)(SOURCE, daysAgo(1), [
      command('whole', 5, { TargetCount: 2, CompletedCount: 2 }),
      command('short', 4, { TargetCount: 3, CompletedCount: 2 }),
      command('earlier', 15, { TargetCount: 9, CompletedCount: 9 }),
    ]);
    const raw = (CommandId: string, n: number, more: object = {}) =>
      rawInvocation({ CommandId, InstanceId: `i-${n}`, RequestedDateTime: ms(4) / 1000, ...more });
    createSingleReplyRecorder(db.sqlite)(
      page([
        raw('whole', 1),
        raw('whole', 2),
        raw('short', 1),
        raw('short', 2, { Status: 'InProgress' }),
        raw('other', 1),
      ]),
    );
    const { countsJson } = command('slow', 4, {});
    rememberExecuting(db.sqlite, SOURCE, [{ commandId: 'slow', requestedAt: daysAgo(4), countsJson }], daysAgo(3));
    const [place] = certifyCoverage(db.sqlite, WEEK).places;
    expect(place).toMatchObject({ unfinishedCommands: 1, unfinishedInvocations: 1 });
    expect(place?.counts).toMatchObject({
      ...{ commands: 3, countedCommands: 2, targetCount: 5, completedCount: 4, invocations: 4, finishedInvocations: 3 },
      shortCommands: [
        { commandId: 'short', targetCount: 3, completedCount: 2, invocations: 2, finishedInvocations: 1 },
      ],
      moreShortCommands: 0,
    });
  });

  it('names at most a thousand sweeps, and says how many more there are', () => {
    const db = tempArchive();
    const runId = beginRun(db.sqlite, { startedAt: daysAgo(0.1), collector: 'here:1' });
    for (let n = 0; n < 1003; n++) sweep(db, runId, [9 - n / 1000, 7 - n / 1000]);
    const [place] = certifyCoverage(db.sqlite, WEEK).places;
    expect([place?.sweeps.length, place?.moreSweeps]).toEqual([1000, 3]);
    expect(place?.unproven).toEqual([]);
  });
});

describe('issueCertificate', () => {
  it('signs a certificate with the key of the checkpoints, for a checkpoint that contains every leaf named in the certificate', () => {
    const { db, runId } = archive([20, 1]);
    recordRunSource(db.sqlite, runId, {
      ...{
        ...emptyTally(),
        ...SOURCE,
        alias: 'default',
        outcome: 'complete',
        error: 'a "quote"\n\u0001',
        clockSkewMs: 0,
      },
      ...{ startedAt: daysAgo(0.1), finishedAt: daysAgo(0) },
    });
    const keyPath = join(tempFolder(), 'ledger.key');
    const deps = { keyPath, random: randomBytes, now: () => new Date(NOW_MS) };
    const { certificate, note } = issueCertificate(db.sqlite, certifyCoverage(db.sqlite, WEEK), deps);
    const key = parseVerifierKey(readVerifierKey(keyPath) ?? '');
    const { text } = openNote(note, [key]);
    expect(text).toBe(`${CERTIFICATE_HEADER}\n${canonicalJson(certificate)}\n`);
    expect(certificate).toMatchObject({ origin: key.name, issuedAt: daysAgo(0), complete: true });
    const made = newestCheckpoint(db.sqlite);
    const { size, root } = parseCheckpoint(parseNote(made?.note ?? '').text);
    expect(certificate.checkpoint).toEqual({ size, root: Buffer.from(root).toString('base64'), madeAt: made?.madeAt });
    expect(size).toBe(tileStore(db.sqlite).size());
    expect(() => openNote(note.replace('"complete":true', '"complete":TRUE'), [key])).toThrow('is false');
    expect(issueCertificate(db.sqlite, certifyCoverage(db.sqlite, WEEK), deps).note).toBe(note);
  });
});
