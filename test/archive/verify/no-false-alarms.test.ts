import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { importSenders } from '../../../src/ingest/import-senders.ts';
import { bringIntoLedger } from '../../../src/ledger/bring-in.ts';
import { readVerifierKey } from '../../../src/ledger/notes/open-signer.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { ACCOUNT, startTrial, type Trial } from '../../ingest/archive-trial.ts';
import {
  type BuiltArchive,
  buildArchive,
  opened,
  recordPass,
  sentences,
  sign,
  verifyInProcess,
} from './attacked-archive.ts';
import { invocationsOf } from './odd-fleet.ts';
import { withoutLedger } from './older-archive.ts';

const OTHER = '444455556666';
const PLACES = [
  { accountId: ACCOUNT, regions: ['eu-west-1'] },
  { accountId: OTHER, regions: ['us-east-1'] },
];

let archive: BuiltArchive;
beforeAll(async () => {
  archive = await buildArchive(130, { isPruned: false });
});
afterAll(() => archive.remove());

/** A trial whose archive has a ledger from the start, like every archive into which passes collect. */
async function startLedgered(options: Parameters<typeof startTrial>[0]): Promise<Trial> {
  const trial = await startTrial(options);
  bringIntoLedger(trial.db.sqlite);
  return trial;
}

/** What `verify` finds in the file as it is now, and in the file as SIGKILL would leave it at this moment. */
function foundIn({ db, config }: Pick<Trial, 'db' | 'config'>): string {
  const key = readVerifierKey(config.ledgerKey);
  return sentences(verifyInProcess(copyOf(db), { trustedKeys: key === undefined ? [] : [key] }));
}

function copyOf({ sqlite }: ArchiveDb) {
  const bytes = sqlite.serialize();
  // A file in memory has no WAL beside it.
  bytes.fill(1, 18, 20);
  return opened({ bytes });
}

describe('a collected archive', () => {
  it('is intact at every moment of passes over a service in trouble, and between them', async () => {
    const trial = await startLedgered({
      accounts: PLACES,
      invocations: 200,
      filterTime: 'command',
      faults: {
        ...{ throttleRate: 0.05, errorRate: 0.05, dropRate: 0.05, repeatRate: 0.2, shortPageRate: 0.2 },
        ...{ unmodelledMembers: true, exponentTimestamps: true, fewerPlugins: 0.1, unknownStatuses: 0.02 },
      },
    });
    const { simulator, pass } = trial;
    let moments = 0;
    const found = new Set<string>();
    const look = () => {
      moments += 1;
      if (moments % 25 === 0) found.add(foundIn(trial));
    };
    for (const forward of [0, HOUR_MS, 2 * DAY_MS, 40 * DAY_MS]) {
      simulator.clock.advance(forward);
      await pass({ onProgress: look });
      found.add(foundIn(trial));
    }
    expect(moments).toBeGreaterThan(20);
    expect([...found]).toEqual(['']);
    const revisions = Number(trial.db.sqlite.prepare('SELECT count(*) FROM revisions').pluck().get());
    expect(revisions).toBeGreaterThan(
      Number(trial.db.sqlite.prepare('SELECT count(*) FROM invocations').pluck().get()),
    );
  });

  it('is intact after passes that were interrupted or failed, and after one that a source refused', async () => {
    const trial = await startLedgered({ accounts: PLACES, invocations: 400, faults: { deniedAccounts: [OTHER] } });
    for (const pages of [1, 4]) {
      const stop = new AbortController();
      let seen = 0;
      await trial.pass({
        signal: stop.signal,
        onProgress: () => {
          seen += 1;
          if (seen >= pages) stop.abort();
        },
      });
      expect(foundIn(trial)).toBe('');
    }
    await trial.pass();
    expect(foundIn(trial)).toBe('');
    expect(trial.db.sqlite.prepare('SELECT DISTINCT outcome FROM runs ORDER BY 1').pluck().all()).toContain('failed');
  });

  it('is intact with senders from CloudTrail', async () => {
    const trial = await startLedgered({ invocations: 60 });
    await trial.pass();
    const [commandId] = trial.db.sqlite.prepare('SELECT command_id FROM commands').pluck().all();
    const log = join(tempFolder(), 'log.json');
    const event = {
      ...{
        eventID: 'e',
        eventTime: '2026-03-01T09:30:00Z',
        eventSource: 'ssm.amazonaws.com',
        eventName: 'SendCommand',
      },
      ...{ awsRegion: 'eu-west-1', recipientAccountId: ACCOUNT, userIdentity: { type: 'Root' } },
      responseElements: { command: { commandId } },
    };
    writeFileSync(log, JSON.stringify({ Records: [event] }));
    await importSenders(trial.db, [log]);
    expect(trial.db.sqlite.prepare('SELECT count(*) FROM command_senders').pluck().get()).toBe(1);
    expect(foundIn(trial)).toBe('');
  });

  it('is intact while outputs are not searchable yet', () => {
    const db = openArchive(join(tempFolder(), 'archive.db'));
    recordPass(db, 0, invocationsOf(30, 0));
    expect(sentences(verifyInProcess(copyOf(db)))).toBe('');
    db.close();
  });

  it('is intact with commands whose names UTF-8 can’t hold, and outputs that are not text', () => {
    const db = openArchive(join(tempFolder(), 'archive.db'));
    const [first = {}, second = {}] = invocationsOf(2, 0);
    recordPass(db, 0, [
      {
        ...first,
        InstanceId: 'half \ud83d',
        CommandPlugins: [{ Output: { sha256: 'no digest' } }, { Output: 7 }, null],
      },
      { ...second, CommandPlugins: 'none', RequestedDateTime: 1e300, Status: 7, Comment: '\u2028\u0001\\"' },
    ]);
    expect(sentences(verifyInProcess(copyOf(db)))).toBe('');
    db.close();
  });
});

describe('an archive from before the ledger', () => {
  function olderArchive(): string {
    const path = join(tempFolder(), 'archive.db');
    const sqlite = opened(archive);
    withoutLedger(sqlite);
    writeFileSync(path, sqlite.serialize());
    sqlite.close();
    return path;
  }

  it('makes `verify` report first that the archive is not in its ledger yet', () => {
    const sqlite = opened(archive);
    withoutLedger(sqlite);
    const { faults } = verifyInProcess(sqlite);
    expect(faults[0]?.what).toBe('the rows of the archive are not in its ledger yet: run "ssm-archive ingest" once');
    sqlite.close();
  });

  it('is intact once it was opened for writing, and after further passes', () => {
    const db = openArchive(olderArchive());
    expect(sentences(verifyInProcess(copyOf(db)))).toBe('');
    recordPass(db, 6, invocationsOf(140, 6));
    sign(db.sqlite, join(tempFolder(), 'ledger.key'), 6);
    const verdict = verifyInProcess(copyOf(db));
    expect(sentences(verdict)).toBe('');
    expect(verdict.checkpoints).toBe(1);
    db.close();
  });

  it('is intact after its import into the ledger was interrupted and continued', () => {
    const path = olderArchive();
    const interrupted = new Error('interrupted');
    expect(() =>
      openArchive(path, () => {
        throw interrupted;
      }),
    ).toThrow(interrupted);
    const db = openArchive(path);
    const verdict = verifyInProcess(copyOf(db));
    expect(sentences(verdict)).toBe('');
    expect(db.sqlite.prepare("SELECT count(*) FROM ledger_entries WHERE kind = 'ledger'").pluck().get()).toBe(1);
    db.close();
    openArchive(path).close();
  });
});
