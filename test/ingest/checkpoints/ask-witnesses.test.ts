import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newestCheckpoint } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { renewKey } from '../../../src/archive/checkpoints/renew-key.ts';
import type { Config } from '../../../src/config/config.ts';
import { askWitnesses } from '../../../src/ingest/checkpoints/ask-witnesses.ts';
import { bringIntoLedger } from '../../../src/ledger/bring-in.ts';
import { parseVerifierKey } from '../../../src/ledger/notes/note-key.ts';
import { readVerifierKey } from '../../../src/ledger/notes/open-signer.ts';
import { openNote } from '../../../src/ledger/notes/signed-note.ts';
import { sentences, verifyInProcess } from '../../archive/verify/attacked-archive.ts';
import { memoryLog } from '../../memory-log.ts';
import { startFakeS3 } from '../../upstream/fake-s3.ts';
import { startTrial, type Trial } from '../archive-trial.ts';
import { type Answer, cosignerOf, lineOf, startFakeWitness } from './fake-witness.ts';

const WARNING = 40;
const ERROR = 50;
const NAME = 'witness.example/w1';

/** An archive that was collected once, a witness that knows its key, and a log that the test can read. */
async function startWitnessed() {
  const trial = await startTrial({ invocations: 50 });
  bringIntoLedger(trial.db.sqlite);
  await trial.pass();
  const witness = await startFakeWitness(NAME);
  const logKey = () => readVerifierKey(trial.config.ledgerKey) ?? '';
  witness.trust(logKey());
  const { log, logged } = memoryLog();
  return {
    ...{ db: trial.db, config: trial.config, witness, log, logKey },
    /** Makes a pass, which must be complete whatever the witness answers. Returns the size of its checkpoint. */
    async pass(config: Partial<Config> = { witnesses: [witness.config] }): Promise<number> {
      expect((await trial.pass({ config, log })).outcome).toBe('complete');
      return newestCheckpoint(trial.db.sqlite)?.size ?? 0;
    },
    /** Returns the warnings and errors that were logged since the last call. */
    said: () =>
      logged
        .splice(0)
        .filter(({ level }) => Number(level) >= WARNING)
        .map(({ level, msg }) => [level, msg]),
  };
}

function cosignaturesOf({ db }: Pick<Trial, 'db'>) {
  return db.sqlite
    .prepare<[], { size: number; witness: string; signature: string }>(
      'SELECT * FROM ledger_cosignatures ORDER BY size',
    )
    .all();
}

function entriesOf({ db }: Pick<Trial, 'db'>, kind: string): Record<string, unknown>[] {
  return db.sqlite
    .prepare<[string], string>('SELECT entry_json FROM ledger_entries WHERE kind = ? ORDER BY seq')
    .pluck()
    .all(kind)
    .map((json) => JSON.parse(json));
}

function found({ db }: Pick<Trial, 'db'>): string {
  return sentences(verifyInProcess(db.sqlite));
}

describe('a witness', () => {
  test('cosigns the checkpoint of each pass, with a proof that it continues the last one', async () => {
    const trial = await startWitnessed();
    const { witness, pass, said } = trial;
    const sizes = [await pass(), await pass(), await pass()];
    expect(witness.asked.map(({ from, status }) => [from, status])).toEqual([
      [0, 200],
      [sizes[0], 200],
      [sizes[1], 200],
    ]);
    expect(witness.asked[0]?.proof).toEqual([]);
    expect(witness.asked[2]?.proof.length).toBeGreaterThan(0);
    expect(cosignaturesOf(trial).map(({ size, witness }) => [size, witness])).toEqual(
      sizes.map((size) => [size, NAME]),
    );
    expect(entriesOf(trial, 'witness')).toEqual([
      { kind: 'witness', verifierKey: witness.config.key, at: '2026-03-31T12:00:00.000Z' },
    ]);
    // The cosignatures of a checkpoint become entries of the ledger only with the next checkpoint.
    expect(entriesOf(trial, 'cosignature').map(({ size }) => size)).toEqual(sizes.slice(0, 2));
    expect(said()).toEqual([]);
    expect(found(trial)).toBe('');
  });

  test('has its signature line in the published note, after the archive’s line', async () => {
    const { objects } = await startFakeS3();
    const { witness, logKey, config, pass } = await startWitnessed();
    const checkpointDirectory = join(config.db, '..', 'published');
    await pass({ witnesses: [witness.config], checkpointDirectory, checkpointBucket: { bucket: 'kept', prefix: '' } });
    const note = readFileSync(join(checkpointDirectory, 'checkpoint'), 'utf8');
    const keys = [logKey(), witness.config.key].map(parseVerifierKey);
    expect(openNote(note, keys).verified.map(({ verifier, cosignedAt }) => [verifier.type, cosignedAt])).toEqual([
      [1, undefined],
      [4, Date.parse('2026-03-31T12:00:01.000Z') / 1000],
    ]);
    expect([...objects.values()]).toEqual([note]);
  });

  test('gets a proof from the beginning of the log if it was never asked before, or has forgotten the log', async () => {
    const trial = await startWitnessed();
    const { witness, pass, said } = trial;
    const sizes = [await pass()];
    witness.heads.clear();
    sizes.push(await pass());
    expect(witness.asked.slice(1).map(({ from, status }) => [from, status])).toEqual([
      [sizes[0], 409],
      [0, 200],
    ]);
    expect([cosignaturesOf(trial).length, said()]).toEqual([2, []]);
  });

  test('gets a proof from the size that it names, if its last answer did not arrive', async () => {
    const trial = await startWitnessed();
    const { witness, pass, said } = trial;
    witness.answerInstead((_, response) => void response.destroy());
    const lost = await pass();
    expect(said()).toEqual([
      [WARNING, expect.stringContaining(`The witness ${NAME} has not cosigned the checkpoint. It cannot`)],
    ]);
    expect(cosignaturesOf(trial)).toEqual([]);
    witness.answerInstead(undefined);
    const size = await pass();
    expect(witness.asked.slice(1).map(({ from, status }) => [from, status])).toEqual([
      [0, 409],
      [lost, 200],
    ]);
    expect(cosignaturesOf(trial).map((row) => row.size)).toEqual([size]);
    expect(found(trial)).toBe('');
  });

  test('gets a second entry in the configuration for a new key, and the cosignatures of both keys stay valid', async () => {
    const trial = await startWitnessed();
    const { witness, logKey, pass, said } = trial;
    await pass();
    const renewed = await startFakeWitness(NAME, cosignerOf(NAME, 2));
    renewed.trust(logKey());
    for (const [origin, head] of witness.heads) renewed.heads.set(origin, head);
    await pass({ witnesses: [renewed.config] });
    await pass({ witnesses: [renewed.config] });
    expect(renewed.asked.map(({ status }) => status)).toEqual([200, 200]);
    expect(entriesOf(trial, 'witness').map(({ verifierKey }) => verifierKey)).toEqual([
      witness.config.key,
      renewed.config.key,
    ]);
    expect(cosignaturesOf(trial)).toHaveLength(3);
    expect([said(), found(trial)]).toEqual([[], '']);
  });

  test('treats a ledger with a new key as a ledger that it has never seen, because its origin is new', async () => {
    const trial = await startWitnessed();
    const { witness, logKey, pass, config, said } = trial;
    await pass();
    const deps = { keyPath: config.ledgerKey, authDb: config.authDb, db: config.db };
    renewKey(trial.db.sqlite, { ...deps, random: randomBytes, now: () => new Date(), isAfterRestore: false });
    witness.trust(logKey());
    await pass();
    expect(witness.asked.map(({ status }) => status)).toEqual([200, 409, 200]);
    expect([said(), found(trial)]).toEqual([[], '']);
  });

  test('shows that the archive is an older copy if it has cosigned more leaves than the archive has', async () => {
    const trial = await startWitnessed();
    const { witness, pass, said } = trial;
    await pass();
    for (const head of witness.heads.values()) head.size += 1000;
    const size = await pass();
    expect(said()).toEqual([
      [
        ERROR,
        expect.stringMatching(
          new RegExp(`has cosigned \\d+ leaves of this ledger, which has ${size}: this archive is an old copy`),
        ),
      ],
    ]);
    expect(cosignaturesOf(trial)).toHaveLength(1);
  });

  test('refuses to cosign if it has cosigned another history before', async () => {
    const trial = await startWitnessed();
    const { witness, pass, said } = trial;
    await pass();
    for (const head of witness.heads.values()) head.root = Buffer.alloc(32);
    await pass();
    expect(witness.asked.at(-1)?.status).toBe(422);
    expect(said()).toEqual([[ERROR, expect.stringContaining('does not continue what it cosigned before (422)')]]);
    expect(cosignaturesOf(trial)).toHaveLength(1);
  });

  test('is reported if it does not know the ledger or knows it by another key; the message has the key to add there', async () => {
    const { witness, logKey, pass, said } = await startWitnessed();
    witness.trustAs(parseVerifierKey(logKey()).name, cosignerOf('other').verifierKey);
    await pass();
    expect(said()).toEqual([[ERROR, expect.stringContaining(`(403). Ask its operator to add the key ${logKey()}.`)]]);
    const stranger = await startFakeWitness(NAME);
    await pass({ witnesses: [stranger.config] });
    const { name } = parseVerifierKey(logKey());
    expect(said()).toEqual([[ERROR, expect.stringContaining(`to add the log ${name} with the key ${logKey()}.`)]]);
  });
});

describe('a wrong answer of a witness leaves the pass complete, is not stored, and is described in the log:', () => {
  const stranger = cosignerOf(NAME, 3);
  const epoch = cosignerOf(NAME, 1, new Date(0));
  const size = { 'content-type': 'text/x.tlog.size' };
  test.each<[string, number, string, Answer | ((note: string) => Answer)]>([
    ['an error', WARNING, 'The witness cannot cosign now (500).', { status: 500, body: 'oh' }],
    ['too many requests', WARNING, 'The witness cannot cosign now (429).', { status: 429 }],
    [
      'a redirect',
      ERROR,
      'The witness redirects to https://b.example/w1/add-checkpoint (308), and no redirect is followed. If the witness has moved there, set its url to https://b.example/w1.',
      { status: 308, headers: { location: 'https://b.example/w1/add-checkpoint' } },
    ],
    [
      'a redirect to a page',
      ERROR,
      'The witness redirects to https://b.example (302), and no redirect is followed. Check its url.',
      { status: 302, headers: { location: 'https://b.example/?next=x' } },
    ],
    ['a redirect without a target', ERROR, 'The witness redirects without saying where (301)', { status: 301 }],
    [
      'a conflict without a size',
      ERROR,
      'The witness answered with status 409, which a witness never sends',
      { status: 409, body: '7\n' },
    ],
    [
      'a size with a leading zero',
      ERROR,
      'The witness answered with status 409',
      { status: 409, body: '07\n', headers: size },
    ],
    [
      'always the same size',
      ERROR,
      'The witness says that it last cosigned 0 leaves',
      { status: 409, body: '0\n', headers: size },
    ],
    ['nothing', ERROR, 'The answer does not come from a witness', { status: 200 }],
    ['an HTML page', ERROR, 'The answer does not come from a witness', { status: 200, body: '<html></html>\n' }],
    ['JSON', ERROR, 'The answer does not come from a witness', { status: 200, body: '{}' }],
    ['the note itself', ERROR, 'The answer does not come from a witness', (note) => ({ status: 200, body: note })],
    [
      'an answer of a megabyte',
      WARNING,
      'Its answer is longer than 65536 bytes',
      { status: 200, body: 'x'.repeat(1e6) },
    ],
    [
      "a cosignature by another key with the witness's name",
      ERROR,
      'None of the given keys has signed the note',
      (note) => ({ status: 200, body: lineOf(stranger, note) }),
    ],
    [
      'a cosignature of another checkpoint',
      ERROR,
      `The signature of ${NAME}`,
      (note) => ({ status: 200, body: lineOf(cosignerOf(NAME), note.replace(/\n\d+\n/, '\n1\n')) }),
    ],
    [
      'a cosignature without a time',
      ERROR,
      'The cosignature has no time',
      (note) => ({ status: 200, body: lineOf(epoch, note) }),
    ],
  ])('%s', async (_, level, sentence, answer) => {
    const trial = await startWitnessed();
    const { witness, logKey, pass, said } = trial;
    witness.answerInstead(({ note }) => (typeof answer === 'function' ? answer(note) : answer));
    const other = await startFakeWitness('other.example');
    other.trust(logKey());
    await pass({ witnesses: [witness.config, other.config] });
    expect(said()).toEqual([[level, expect.stringContaining(`The witness ${NAME} has not cosigned the checkpoint. `)]]);
    await pass({ witnesses: [witness.config, other.config] });
    expect(said()).toEqual([[level, expect.stringContaining(sentence)]]);
    expect(cosignaturesOf(trial).map((row) => row.witness)).toEqual(['other.example', 'other.example']);
    expect(found(trial)).toBe('');
  });

  test('a witness that names a different size in each answer is asked three times', async () => {
    const { witness, pass, said } = await startWitnessed();
    let next = 1;
    witness.answerInstead(() => ({ status: 409, body: `${next++}\n`, headers: size }));
    await pass();
    expect(witness.asked.map(({ from }) => from)).toEqual([0, 1, 2]);
    expect(said()).toEqual([[ERROR, expect.stringContaining('The witness says that it last cosigned 3 leaves')]]);
  });

  test('a pass is complete even if a witness cannot be reached, or does not answer', async () => {
    const { witness, pass, said, db, log, config } = await startWitnessed();
    await pass({ witnesses: [{ ...witness.config, url: 'http://127.0.0.1:1' }] });
    expect(said()).toEqual([[WARNING, expect.stringContaining('It cannot be reached (')]]);
    const made = newestCheckpoint(db.sqlite);
    if (!made) throw new Error('There is no checkpoint.');
    witness.answerInstead(() => 'never');
    const stopping = new AbortController();
    const deps = { db, log, keyPath: config.ledgerKey, signal: stopping.signal };
    await askWitnesses({ ...deps, deadlineMs: 50 }, made, [witness.config]);
    expect(said()).toEqual([[WARNING, expect.stringContaining('It did not answer in time.')]]);
    // A pass that was told to stop does not wait for the witness.
    const asking = askWitnesses({ ...deps, deadlineMs: 60_000 }, made, [witness.config]);
    stopping.abort();
    await asking;
    await askWitnesses(deps, made, [witness.config]);
    expect(said()).toEqual([]);
  });
});
