import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { asyncBufferFromFile } from 'hyparquet';
import { expect, it } from 'vitest';
import { createRepliesRecorder } from '../../../../src/archive/record/record-replies.ts';
import { createSenderRecorder } from '../../../../src/archive/record/record-senders.ts';
import { readSealedDay } from '../../../../src/archive/sealed/read-sealed-days.ts';
import { openObjects } from '../../../../src/lake/cache/open-objects.ts';
import { inspectLake } from '../../../../src/lake/inspect/inspect-lake.ts';
import { openParquet } from '../../../../src/lake/parquet/open-parquet.ts';
import { planMonths } from '../../../../src/lake/seal/months/plan-months.ts';
import { findWrittenMonth } from '../../../../src/lake/seal/months/written-month.ts';
import { proveDays } from '../../../../src/lake/seal/prove-days.ts';
import { sealDay } from '../../../../src/lake/seal/seal-day.ts';
import type { SealStep } from '../../../../src/lake/seal/seal-deps.ts';
import { keyOfManifest } from '../../../../src/lake/tables/object-key.ts';
import { verifyMonth } from '../../../../src/lake/verify/verify-month.ts';
import { page, rawInvocation, SOURCE } from '../../../archive/raw-invocation.ts';
import { tempFolder } from '../../../db/temp-archive.ts';
import { type SealedArchive, sealedArchive } from '../../sealed-archive.ts';

const MONTH = '2026-03';
const NOTHING_WRONG = { unnamed: [], missing: [], resized: [], ofOthers: 0, foreign: [] };

/** An archive with one month of days, all of which are sealed. */
function sealedMonth(): Promise<SealedArchive> {
  return sealedArchive({ sealed: 99, invocations: 12 });
}

/** Records a command with an invocation of a time; of a sealed day it is a late one. */
function record(sqlite: Database, time: string, commandId: string): void {
  const raw = rawInvocation({ RequestedDateTime: Date.parse(time) / 1000, CommandId: commandId });
  const reply = page([raw], { source: SOURCE, observedAt: '2026-05-09T00:00:00.000Z' });
  createRepliesRecorder(sqlite)([{ ...reply, sealed: new Map([[0, undefined]]) }]);
}

async function rowsOf(path: string) {
  const file = await openParquet(await asyncBufferFromFile(path));
  const names = file.columns.map(({ name }) => name);
  const rows = [];
  for await (const row of file.read()) rows.push(Object.fromEntries(row.map((value, n) => [names[n], value])));
  return rows;
}

it('the commands of a month are written with its last day, with their senders, and the day’s manifest names the file', async () => {
  const { sqlite, deps, store, lake, days } = await sealedArchive({ sealed: 0, invocations: 12 });
  const [first = '', ...others] = days;
  const last = others.pop() ?? '';
  const command = sqlite.prepare<[], string>('SELECT min(command_id) FROM commands').pluck().get() ?? '';
  const source = sqlite
    .prepare<[string], { accountId: string; region: string }>(
      'SELECT account_id AS accountId, region FROM commands WHERE command_id = ?',
    )
    .get(command);
  createSenderRecorder(sqlite)([
    {
      ...{ accountId: source?.accountId ?? '', region: source?.region ?? '', commandId: command },
      ...{ eventId: 'e1', eventAt: '2026-03-01T00:00:00.000Z', principalType: 'IAMUser' },
      ...{ principalArn: 'arn:aws:iam::111122223333:user/ann', principalId: null, sessionIssuerArn: null },
      ...{ invokedBy: null, sourceIpAddress: '198.51.100.7', userAgent: null, isMfaAuthenticated: null },
    },
  ]);
  for (const day of [first, ...others]) await sealDay(deps, day);
  expect(await findWrittenMonth(deps, MONTH)).toBeUndefined();
  await sealDay(deps, last);
  const written = await findWrittenMonth(deps, MONTH);
  const key = 'commands/month=2026-03/archive-0.parquet';
  expect(written).toMatchObject({
    day: last,
    key,
    rows: sqlite.prepare('SELECT count(*) FROM commands').pluck().get(),
  });
  expect(
    createHash('sha256')
      .update(readFileSync(join(lake, key)))
      .digest('hex'),
  ).toBe(written?.sha256);
  const rows = await rowsOf(join(lake, key));
  expect(rows.map((row) => row.command_id)).toEqual(
    sqlite
      .prepare('SELECT command_id FROM commands ORDER BY account_id, region, requested_at, command_id')
      .pluck()
      .all(),
  );
  expect(rows.find((row) => row.command_id === command)).toMatchObject({
    ...{ principal_arn: 'arn:aws:iam::111122223333:user/ann', source_ip_address: '198.51.100.7' },
    parameters_json: sqlite.prepare('SELECT parameters_json FROM commands WHERE command_id = ?').pluck().get(command),
  });
  await proveDays(deps);
  expect(await inspectLake(sqlite, store)).toMatchObject(NOTHING_WRONG);
});

it('a month is written with the first day after it if it had not ended for long enough when its last day was sealed', async () => {
  const { sqlite, deps, days, store } = await sealedArchive({ sealed: 0, invocations: 12 });
  record(sqlite, '2026-04-02T11:00:00.000Z', '99999999-2222-4333-8444-555555555555');
  const early = { ...deps, now: () => new Date('2026-05-05T12:00:00.000Z') };
  for (const day of days) await sealDay(early, day);
  expect(await findWrittenMonth(deps, MONTH)).toBeUndefined();
  await sealDay(deps, '2026-04-02');
  expect(await findWrittenMonth(deps, MONTH)).toMatchObject({ day: '2026-04-02' });
  expect(await findWrittenMonth(deps, '2026-04')).toBeUndefined();
  await proveDays(deps);
  expect(await inspectLake(sqlite, store)).toMatchObject(NOTHING_WRONG);
  // A day in between is the first after the month from now on.
  record(sqlite, '2026-04-01T11:00:00.000Z', '99999999-2222-4333-8444-666666666666');
  await sealDay(deps, '2026-04-01');
  expect(await findWrittenMonth(deps, MONTH)).toMatchObject({ day: '2026-04-01' });
});

it('a month is written again with a later generation of one of its days, whichever step the seal was interrupted at', async () => {
  const { sqlite, deps, store, lake, days } = await sealedMonth();
  const [day = ''] = days;
  const before = await findWrittenMonth(deps, MONTH);
  record(sqlite, `${day}T11:00:00.000Z`, '99999999-2222-4333-8444-555555555555');
  const steps = ['staged', 'checked', 'intended', 'put', 'put commands', 'committed', 'removed'] as const;
  for (const at of steps) {
    const onStep = (step: SealStep) => {
      const isCommands = step.step === 'put' && step.key.startsWith('commands/');
      if (at === (isCommands ? 'put commands' : step.step)) throw new Error('interrupted');
    };
    await expect(sealDay({ ...deps, onStep }, day), at).rejects.toThrow('interrupted');
    const verified = await verifyMonth({ sqlite, store, objects: objectsOf(store) }, MONTH);
    expect(verified?.faults, at).toEqual([]);
    expect(await inspectLake(sqlite, store), at).toMatchObject(NOTHING_WRONG);
  }
  await proveDays(deps);
  const after = await findWrittenMonth(deps, MONTH);
  expect(after).toMatchObject({ day, rows: (before?.rows ?? 0) + 1 });
  expect(
    createHash('sha256')
      .update(readFileSync(join(lake, after?.key ?? '')))
      .digest('hex'),
  ).toBe(after?.sha256);
});

it('a month that a day is missing of again is not lost: what an interrupted seal has put there is named by a manifest', async () => {
  const { sqlite, deps, store, days } = await sealedArchive({ sealed: -1, invocations: 12 });
  const last = days.at(-1) ?? '';
  const onStep = (step: SealStep) => {
    if (step.step === 'put' && step.key.startsWith('commands/')) throw new Error('interrupted');
  };
  await expect(sealDay({ ...deps, onStep }, last)).rejects.toThrow('interrupted');
  record(sqlite, '2026-03-31T11:00:00.000Z', '99999999-2222-4333-8444-555555555555');
  await sealDay(deps, last);
  await proveDays(deps);
  expect(await findWrittenMonth(deps, MONTH)).toMatchObject({ day: last });
  await sealDay(deps, '2026-03-31');
  await proveDays(deps);
  expect(await findWrittenMonth(deps, MONTH)).toMatchObject({ day: '2026-03-31' });
  expect(await inspectLake(sqlite, store)).toMatchObject(NOTHING_WRONG);
});

it('an object at the place of a month that this archive did not put there is not replaced', async () => {
  const { sqlite, deps, store, lake, days } = await sealedMonth();
  const month = await findWrittenMonth(deps, MONTH);
  writeFileSync(join(lake, month?.key ?? ''), 'x');
  const [day = ''] = days;
  record(sqlite, `${day}T11:00:00.000Z`, '99999999-2222-4333-8444-555555555555');
  expect(await planMonths(deps, day)).toMatchObject([{ month: MONTH, replaces: [month?.sha256] }]);
  await expect(sealDay(deps, day)).rejects.toThrow('commands/month=2026-03');
  expect(readFileSync(join(lake, month?.key ?? ''), 'utf8')).toBe('x');
  expect(store.name).toBe(lake);
});

it('a month whose manifest is gone is not replaced, and the sentence says which manifest that is and what to do', async () => {
  const { sqlite, deps, lake, days } = await sealedMonth();
  const { day: naming = '', key = '' } = (await findWrittenMonth(deps, MONTH)) ?? {};
  const manifest = keyOfManifest(0, naming, readSealedDay(sqlite, naming)?.generation ?? 0);
  rmSync(join(lake, manifest));
  record(sqlite, `${days[0]}T11:00:00.000Z`, '99999999-2222-4333-8444-555555555555');
  await expect(sealDay(deps, days[0] ?? '')).rejects.toThrow(
    new RegExp(
      `^The commands of 2026-03 can't be written again: ${key} .*${manifest}.* Or move ${key} out of the lake`,
    ),
  );
  rmSync(join(lake, key));
  expect(await sealDay(deps, days[0] ?? '')).toMatchObject({ generation: 2 });
  expect(await findWrittenMonth(deps, MONTH)).toMatchObject({ day: days[0] });
});

function objectsOf(store: SealedArchive['store']) {
  return openObjects(store, { folder: tempFolder(), maxBytes: 0 });
}
