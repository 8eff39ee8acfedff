import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { certifyForEvidence } from '../../../src/archive/evidence/certify-for-evidence.ts';
import { verifyEvidence } from '../../../src/archive/evidence/check/verify-evidence.ts';
import { FILES } from '../../../src/archive/evidence/evidence.ts';
import { EvidenceEmpty } from '../../../src/archive/evidence/evidence-empty.ts';
import { makeEvidence } from '../../../src/archive/evidence/make-evidence.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { SealedUnreadable } from '../../../src/archive/sealed/sealed-unreadable.ts';
import { openArchiveReadOnly } from '../../../src/db/open.ts';
import { openGatherer } from '../../../src/lake/read/gather-rows.ts';
import { sealDay } from '../../../src/lake/seal/seal-day.ts';
import type { InvocationFilter } from '../../../src/questions/filters.ts';
import { unpacked } from '../../archive/evidence/pack-trial.ts';
import { page, rawInvocation, rawPlugin } from '../../archive/raw-invocation.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { onTestEnd } from '../../on-test-end.ts';
import { placeOf } from '../place-of.ts';
import { type SealedArchive, sealedArchive } from '../sealed-archive.ts';

const NOW = new Date('2026-05-10T03:00:00.000Z');
/** What names the newer checkpoint, or the time at which the pack was made. */
const OF_THE_CHECKPOINT: readonly string[] = [
  FILES.checkpoint,
  FILES.certificate,
  FILES.page,
  'manifest.json',
  'SHA256SUMS',
  'SHA256SUMS.note',
];

describe('an evidence pack of sealed days', () => {
  it('is byte for byte what it was before the rows went to the lake, except for what names the newer checkpoint', async () => {
    const archive = await sealedArchive({ sealed: 0, invocations: 400 });
    const days = archive.days.slice(0, 5);
    seenInThreeStates(archive, `${days[1]}`);
    const requestedBefore = `${archive.days[6]}T00:00:00.000Z`;
    const filters: readonly InvocationFilter[] = [
      { requestedBefore },
      { requestedBefore, documentName: 'AWS-RunShellScript' },
      { requestedBefore, status: ['Failed'] },
      { requestedBefore, q: '"error"' },
    ];
    const before = [];
    for (const filter of filters) before.push(await makePack(archive, filter));
    for (const day of days) await sealDay(archive.deps, day);
    const hot = archive.sqlite.prepare('SELECT count(*) FROM invocations WHERE requested_at < ?').pluck();
    expect(hot.get(archive.days[5])).toBeLessThan(10);
    for (const [n, filter] of filters.entries()) {
      const after = await makePack(archive, filter);
      expect(unchanging(after.files)).toEqual(unchanging(before[n]?.files ?? {}));
      expect(after.summary.states).toBeGreaterThan(3);
      expect((await verifyEvidence(after.pack, [])).faults).toEqual([]);
    }
  });

  it('is refused if no lake is configured, but not if its span begins after the sealed days', async () => {
    const archive = await sealedArchive({ sealed: 3 });
    await expect(makePack(archive, {}, { hasLake: false })).rejects.toThrow(SealedUnreadable);
    const young = { requestedAfter: `${archive.days[3]}T00:00:00.000Z` };
    expect((await makePack(archive, young, { hasLake: false })).summary.invocations).toBeGreaterThan(5);
  });

  it('is not empty if only the lake has what it asks for, and is empty if neither has it', async () => {
    const archive = await sealedArchive({ sealed: 3 });
    const ofLake = { requestedBefore: `${archive.days[3]}T00:00:00.000Z`, status: ['Success'] };
    expect((await makePack(archive, ofLake)).summary.invocations).toBeGreaterThan(5);
    await expect(makePack(archive, { ...ofLake, instanceName: 'a name that no node has' })).rejects.toThrow(
      EvidenceEmpty,
    );
  });

  it('begins again if a day is sealed again meanwhile, so that all of it is of one checkpoint', async () => {
    const archive = await sealedArchive({ sealed: 2 });
    const day = `${archive.days[0]}`;
    let seals = 0;
    const { pack, summary } = await makePack(archive, ofDay(day), {
      async beforeGathering() {
        if (seals++ === 0) await sealWithMore(archive, day, seals);
      },
    });
    expect(seals).toBe(2);
    expect((await verifyEvidence(pack, [])).faults).toEqual([]);
    const invocations = archive.sqlite.prepare('SELECT invocations FROM sealed_days WHERE day = ?').pluck().get(day);
    expect(summary.invocations).toBe(invocations);
  });

  it('is refused in words if its days are sealed again each time', async () => {
    const archive = await sealedArchive({ sealed: 2 });
    const day = `${archive.days[0]}`;
    let seals = 0;
    const beforeGathering = () => sealWithMore(archive, day, ++seals);
    await expect(makePack(archive, ofDay(day), { beforeGathering })).rejects.toThrow(
      `${day} was sealed again while its rows were read`,
    );
  });
});

function ofDay(day: string): InvocationFilter {
  return { requestedAfter: `${day}T00:00:00.000Z`, requestedBefore: `${day}T23:59:59.999Z` };
}

/** Seals a day again, with an invocation that the archive did not have. */
async function sealWithMore({ deps }: SealedArchive, day: string, n: number): Promise<void> {
  const raw = rawInvocation({ InstanceId: `i-${n}`, RequestedDateTime: Date.parse(`${day}T11:00:00.000Z`) / 1000 });
  const reply = page([raw], { observedAt: `2026-05-09T00:0${n}:00.000Z` });
  createSingleReplyRecorder(deps.sqlite)({ ...reply, sealed: new Map([[0, undefined]]) });
  await sealDay(deps, day);
}

/** Adds an invocation that was seen in three states, of which each printed something else. */
function seenInThreeStates({ sqlite }: SealedArchive, day: string): void {
  const record = createSingleReplyRecorder(sqlite);
  for (const [n, Status] of ['Pending', 'InProgress', 'Failed'].entries()) {
    const CommandPlugins = [rawPlugin({ Output: `printed while ${Status}` }), rawPlugin({ Output: 'error \ud800' })];
    const RequestedDateTime = Date.parse(`${day}T10:00:00.000Z`) / 1000;
    const invocation = rawInvocation({
      InstanceId: 'i-1',
      Status,
      StatusDetails: Status,
      CommandPlugins,
      RequestedDateTime,
    });
    record(page([invocation], { observedAt: `${day}T10:0${n}:00.000Z` }));
  }
}

async function makePack(
  { trial, sqlite, lake }: SealedArchive,
  filter: InvocationFilter,
  {
    hasLake = true,
    beforeGathering = async () => {},
  }: { hasLake?: boolean; beforeGathering?: () => Promise<void> } = {},
) {
  const reading = openArchiveReadOnly(sqlite.name);
  onTestEnd(() => reading.close());
  const { gather, close } = openGatherer(sqlite, placeOf(hasLake ? lake : undefined));
  onTestEnd(close);
  const folder = tempFolder();
  const pack = join(folder, 'pack.zip');
  const deps = {
    ...{ writer: sqlite, reader: reading.sqlite, keyPath: trial.config.ledgerKey, random: randomBytes, now: () => NOW },
    gather: async (...question: Parameters<typeof gather>) => {
      await beforeGathering();
      await gather(...question);
    },
  };
  const question = { filter, withoutOutputs: false, allowUnseen: true };
  const summary = await makeEvidence(deps, {
    ...{ question, output: pack, configured: { accounts: [], regions: [] } },
    certify: () => certifyForEvidence(deps, 0, question),
  });
  return { pack, summary, files: filesOf(await unpacked(pack)) };
}

function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(names.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

/** The files that do not name the checkpoint, without the proofs, which are for the size of its tree. */
function unchanging(files: Readonly<Record<string, string>>): Record<string, string> {
  const names = Object.keys(files).filter((name) => !OF_THE_CHECKPOINT.includes(name));
  return Object.fromEntries(names.map((name) => [name, withoutProofs(files[name] ?? '')]));
}

function withoutProofs(content: string): string {
  return content.replaceAll(/"proof":\[[^\]]*\]/g, '"proof":[]');
}
