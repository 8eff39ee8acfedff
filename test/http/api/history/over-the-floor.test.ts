import { mkdtempSync, rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordFullOutputs } from '../../../../src/archive/record/record-full-outputs.ts';
import { sealDay } from '../../../../src/lake/seal/seal-day.ts';
import { openFolderStore } from '../../../../src/lake/store/folder-store.ts';
import { bringIntoLedger } from '../../../../src/ledger/bring-in.ts';
import { rawPlugin } from '../../../archive/raw-invocation.ts';
import { daysOf, sealDeps } from '../../../lake/sealed-archive.ts';
import { apiTrial } from '../api-trial.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-lake-'));
afterAll(() => rmSync(folder, { recursive: true }));
const lake = join(folder, 'lake');
const trial = apiTrial({ lake });
const DAYS = 12;
const FIRST_MS = Date.parse('2026-01-01T12:00:00.000Z');
const DAY_MS = 86_400_000;
const COMMAND = (day: number) => `00000000-0000-4000-8000-${String(day).padStart(12, '0')}`;
const NODES = ['i-0aaaaaaaaaaaaaaaa', 'i-0bbbbbbbbbbbbbbbb', 'i-0cccccccccccccccc'];

/** Questions in each form, of which the answers must not change when days are sealed. */
const one = `/v1/invocations/012345678901/eu-west-1/${COMMAND(3)}/${NODES[0]}`;
const PATHS = [
  '/v1/invocations?limit=7',
  '/v1/invocations?limit=100&sort=requestedAt&include=outputs',
  '/v1/invocations?limit=100&sort=-changedAt',
  `/v1/invocations?limit=5&instanceId=${NODES[1]}`,
  `/v1/invocations?commandId=${COMMAND(2)}&include=plugins`,
  '/v1/invocations?status=Failed&limit=50',
  '/v1/invocations?responseCode=!0&pluginName=aws:runShellScript&limit=50',
  '/v1/invocations?requestedAfter=2026-01-02&requestedBefore=2026-01-09&q=disk',
  '/v1/invocations?asOf=2026-01-05&limit=100&include=outputs',
  '/v1/invocations?format=csv&include=outputs',
  '/v1/invocations?format=ndjson&sort=changedAt',
  one,
  `${one}?asOf=2026-01-04T12:30:00Z`,
  `${one}/revisions`,
  `${one}/revisions?format=ndjson`,
  `${one}/steps/0/outputs/output`,
  `${one}/steps/0/outputs/stdout`,
  `/v1/commands/012345678901/eu-west-1/${COMMAND(3)}`,
  '/v1/commands?asOf=2026-01-05&limit=20',
  '/v1/commands?asOf=2026-01-05&format=csv',
  '/v1/commands?limit=20',
];

async function answersOf(paths: readonly string[]) {
  const answers = [];
  for (const path of paths) {
    const reply = await trial.ask(path);
    answers.push({ path, status: reply.status, text: (await reply.text()).replaceAll(/"nextCursor":"[^"]*"/g, '') });
  }
  return answers;
}

const SCOPE = { accountId: '012345678901', region: 'eu-west-1' };
const NO_FILTERS = { statuses: [], documentNames: [] };

/** What the operations of the AWS endpoint read. */
async function awsAnswers(): Promise<unknown[]> {
  const { history } = trial;
  const answers: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page = await history.listInvocations(SCOPE, {
      ...{ limit: 11, filters: NO_FILTERS, details: true },
      ...(cursor !== undefined && { cursor }),
    });
    answers.push(page);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  const instanceId = NODES[0] ?? '';
  answers.push(await history.listCommands(SCOPE, { limit: 50, filters: NO_FILTERS, executionStages: [], instanceId }));
  answers.push(await history.getInvocation(SCOPE, { commandId: COMMAND(3), instanceId, pluginName: 'runShellScript' }));
  answers.push(
    await history.getInvocation(SCOPE, { commandId: COMMAND(11), instanceId, pluginName: 'runShellScript' }),
  );
  return answers;
}

describe('the API over the floor', () => {
  let before: Awaited<ReturnType<typeof answersOf>> = [];
  let awsBefore: unknown[] = [];
  beforeAll(async () => {
    bringIntoLedger(trial.db.sqlite);
    for (let day = 0; day < DAYS; day += 1) {
      const at = FIRST_MS + day * DAY_MS;
      for (const [status, later] of [
        ['InProgress', 0],
        [day % 7 === 3 ? 'Failed' : 'Success', 3_600_000],
      ] as const)
        await trial.record(
          NODES.map((InstanceId, n) => ({
            ...{ CommandId: COMMAND(day), InstanceId, Status: status, StatusDetails: status },
            RequestedDateTime: (at + n * 1000) / 1000,
            CommandPlugins: [
              rawPlugin({ Output: `disk ${day % 3}\n${status}`, ResponseCode: day % 7 === 3 ? 1 : 0, Status: status }),
            ],
          })),
          { observedAt: new Date(at + later + 60_000).toISOString() },
        );
    }
    const invocationId = Number(
      trial.db.sqlite.prepare('SELECT id FROM invocations WHERE command_id = ?').pluck().get(COMMAND(3)),
    );
    trial.db.sqlite.transaction(() =>
      recordFullOutputs(
        trial.db.sqlite,
        { invocationId, position: 0, name: 'x', provenance: 's3', fetchedAt: '2026-01-04T14:00:00.000Z' },
        [{ stream: 'stdout', bytes: Buffer.from('the whole output'), totalBytes: 16, cutBy: null, location: null }],
      ),
    )();
    before = await answersOf(PATHS);
    awsBefore = await awsAnswers();
  }, 60_000);

  it('answers each question as it did before the days were sealed', async () => {
    const deps = await sealDeps(trial.db.sqlite.name, openFolderStore(lake));
    for (const day of daysOf(trial.db.sqlite).slice(0, DAYS - 4)) await sealDay(deps, day);
    expect(trial.db.sqlite.prepare('SELECT count(*) FROM invocations').pluck().get()).toBe(4 * NODES.length);
    const after = await answersOf(PATHS);
    for (const [n, answer] of after.entries()) expect(answer).toEqual(before[n]);
    expect(after.filter(({ status }) => status !== 200)).toEqual([]);
  }, 120_000);

  it('is what the operations of the AWS endpoint read, page by page', async () => {
    expect(await awsAnswers()).toEqual(awsBefore);
  });

  it('pages through all invocations in one order', async () => {
    const items = await trial.walk('/v1/invocations?limit=9');
    expect(items.map(({ requestedAt }) => requestedAt)).toEqual(
      items
        .map(({ requestedAt }) => requestedAt)
        .sort()
        .reverse(),
    );
    expect(items).toHaveLength(DAYS * NODES.length);
  });

  it('says that sealed days cannot be read while the lake is away, and answers what does not need it', async () => {
    await rename(lake, `${lake}-away`);
    const { detail } = await trial.problem(one, 503);
    expect(detail).toMatch(/^The rows of 2026-01-0[34] are sealed, and the lake .* can't be read \(.*\)\. Repeat this/);
    await trial.list('/v1/invocations?limit=5');
    await rename(`${lake}-away`, lake);
    expect((await trial.ask(one)).status).toBe(200);
  });

  it('refuses a search for words over more than 31 sealed days, and says what to narrow', async () => {
    for (let day = 1; day <= 30; day += 1)
      trial.db.sqlite
        .prepare(
          `INSERT INTO sealed_days (day, generation, entry_seq, tree_size, invocations, leaves, first_id, last_id, first_seq,
             last_seq, first_changed_at, last_changed_at, objects_json) VALUES (?, 1, 1, 1, 1, 1, 1, 1, 1, 1, '', '', '[]')`,
        )
        .run(`2025-12-${String(day).padStart(2, '0')}`);
    const { detail } = await trial.problem('/v1/invocations?q=disk', 422);
    expect(detail).toBe(
      'The search for words in outputs spans 38 sealed days, which have no index of words: at most 31 of them can be searched at once. Narrow the span of request times, and ask for one part after another.',
    );
  });
});
