import type { Database } from 'better-sqlite3';
import { expect, it } from 'vitest';
import { prune } from '../../../../src/archive/prune/prune.ts';
import type { Verdict } from '../../../../src/archive/verify/judge-parts.ts';
import { bringDayBack } from '../../../../src/lake/seal/bring-day-back.ts';
import { proveDays } from '../../../../src/lake/seal/prove-days.ts';
import { sealDay } from '../../../../src/lake/seal/seal-day.ts';
import type { SealDeps } from '../../../../src/lake/seal/seal-deps.ts';
import { verifyLake } from '../../../../src/lake/verify/verify-lake.ts';
import { readVerifierKey } from '../../../../src/ledger/notes/open-signer.ts';
import { builtProgram } from '../../../built-program.ts';
import { tempFolder } from '../../../db/temp-archive.ts';
import { type SealedArchive, sealDeps, sealedArchive } from '../../../lake/sealed-archive.ts';
import { asAttacker, opened, sentences, verifyInProcess } from '../attacked-archive.ts';

/** What `verify` says of a copy of the archive, after an attack on the copy. */
function verdictOf({ sqlite, trial }: SealedArchive, attack: (copy: Database) => void = () => {}): Verdict {
  const bytes = sqlite.serialize();
  // A file in memory has no WAL beside it.
  bytes.fill(1, 18, 20);
  const copy = opened({ bytes });
  try {
    asAttacker(copy, () => attack(copy));
    return verifyInProcess(copy, { trustedKeys: [readVerifierKey(trial.config.ledgerKey) ?? ''] });
  } finally {
    copy.close();
  }
}

const run = (sql: string) => (copy: Database) => {
  const { changes } = copy.prepare(sql).run();
  if (changes === 0) throw new Error(`nothing was attacked: ${sql}`);
};

/** Each with what must be said of it. */
const ATTACKS: readonly [what: string, attack: (copy: Database) => void, says: RegExp][] = [
  [
    'a hot state is removed with its invocation',
    (copy) => {
      const last = 'invocation_id = (SELECT max(id) FROM invocations)';
      for (const table of ['revisions', 'plugins']) copy.prepare(`DELETE FROM ${table} WHERE ${last}`).run();
      copy.prepare('DELETE FROM invocations WHERE id = (SELECT max(id) FROM invocations)').run();
    },
    /leaves are in the lake alone, but the file lacks the rows of \d+|which is missing/,
  ],
  [
    'an entry is removed whose number is between those of sealed leaves',
    run(
      'DELETE FROM ledger_entries WHERE seq = (SELECT max(seq) FROM ledger_entries WHERE seq < (SELECT max(last_seq) FROM sealed_days))',
    ),
    /sealed_days says that the rows of \d+ leaves are in the lake alone, but the file lacks the rows of \d+|which is missing/,
  ],
  [
    'a sealed day is forgotten',
    run('DELETE FROM sealed_days WHERE day = (SELECT min(day) FROM sealed_days)'),
    /sealed_days lacks \d{4}-\d\d-\d\d, which entry \d+ of the ledger says was sealed/,
  ],
  [
    'a day is said to be sealed that is not',
    run(
      "INSERT INTO sealed_days SELECT '2031-01-01', generation, entry_seq, tree_size, invocations, leaves, first_id, last_id, first_seq, last_seq, first_changed_at, last_changed_at, objects_json, 0, 0, 0, NULL FROM sealed_days LIMIT 1",
    ),
    /sealed_days has 2031-01-01, which no entry/,
  ],
  [
    'leaves are added to a sealed day',
    run('UPDATE sealed_days SET leaves = leaves + 1'),
    /leaves, and its objects have/,
  ],
  [
    'invocations are added',
    run('UPDATE sealed_days SET invocations = invocations + 1'),
    /invocations, and its objects have/,
  ],
  ['the generation is another one', run('UPDATE sealed_days SET generation = 7'), /is generation 7, and its entry 1/],
  [
    'the entry is another one',
    run('UPDATE sealed_days SET entry_seq = entry_seq + 1'),
    /names entry \d+, and its newest/,
  ],
  ['the tree size is another one', run('UPDATE sealed_days SET tree_size = tree_size + 1'), /another tree_size/],
  [
    'an object is exchanged',
    run('UPDATE sealed_days SET objects_json = replace(objects_json, \'"sha256":"\', \'"sha256":"f\')'),
    /other objects than its entry/,
  ],
  ['the seqs are too few', run('UPDATE sealed_days SET first_seq = last_seq'), /seqs that can not be/],
  ['the ids are too few', run('UPDATE sealed_days SET last_id = first_id'), /ids that can not be/],
  ['the times are exchanged', run("UPDATE sealed_days SET first_changed_at = '9'"), /a first change after/],
  [
    'a command lost a sealed invocation',
    run(
      'UPDATE sealed_commands SET invocations = invocations - 1 WHERE id = (SELECT min(id) FROM sealed_commands WHERE invocations > 0)',
    ),
    /sealed_commands counts \d+ invocations/,
  ],
  [
    'the counts of a sealed day are other ones',
    run(
      'UPDATE daily_counts SET invocations = invocations + 1 WHERE id = (SELECT id FROM daily_counts WHERE day = (SELECT min(day) FROM sealed_days) LIMIT 1)',
    ),
    /daily_counts has the wrong number of invocations for the sealed day/,
  ],
  [
    'the counts of a day that is not sealed are other ones',
    run(
      'UPDATE daily_counts SET invocations = invocations + 1 WHERE id = (SELECT id FROM daily_counts WHERE day > (SELECT max(day) FROM sealed_days) LIMIT 1)',
    ),
    /daily_counts has the wrong number of invocations for \[/,
  ],
  [
    'a batch is said to have lost states that does not exist',
    run("INSERT INTO sealed_pages VALUES (999999, x'00')"),
    /sealed_pages has state batch 999999, which does not exist/,
  ],
  [
    'the hash of a sealed leaf is another one in the tiles',
    (copy) => {
      const seq = Number(
        copy
          .prepare(
            `WITH RECURSIVE n(seq) AS (SELECT first_seq FROM sealed_days UNION ALL SELECT seq + 1 FROM n WHERE seq < 255)
             SELECT seq FROM n WHERE seq NOT IN (SELECT seq FROM revisions) AND seq NOT IN (SELECT seq FROM ledger_entries) AND seq < 256 LIMIT 1`,
          )
          .pluck()
          .get(),
      );
      const tile = copy.prepare('SELECT hashes FROM ledger_tiles WHERE level = 0 AND number = 0').pluck().get();
      if (!Buffer.isBuffer(tile) || !(seq > 0)) throw new Error('there is no such leaf');
      tile.fill(7, (seq - 1) * 32, seq * 32);
      copy.prepare('UPDATE ledger_tiles SET hashes = ? WHERE level = 0 AND number = 0').run(tile);
    },
    /tile 0 of level 1 of the ledger does not match|checkpoint/,
  ],
];

it('an archive with sealed days is intact, and says how many leaves are in the lake and were not read', async () => {
  const archive = await sealedArchive();
  await archive.trial.pass();
  const verdict = verdictOf(archive);
  expect(sentences(verdict)).toBe('');
  expect(verdict.verdict).toBe('intact');
  const leaves = archive.sqlite.prepare('SELECT sum(leaves) FROM sealed_days').pluck().get();
  expect(verdict.sealedDays).toBe(3);
  expect(verdict.sealed).toBeGreaterThan(20);
  expect(verdict.sealed).toBeLessThanOrEqual(Number(leaves));
  expect(verdict.notes.join('\n')).toContain(
    `The lake was not read: the rows of ${verdict.sealed} leaves of 3 sealed days are there alone.`,
  );
});

it('what is changed of sealed days, or removed as if it were sealed, is a fault', async () => {
  const archive = await sealedArchive();
  await archive.trial.pass();
  for (const [what, attack, says] of ATTACKS) {
    const verdict = verdictOf(archive, attack);
    expect(verdict.verdict, what).toBe('not-intact');
    expect(sentences(verdict), what).toMatch(says);
  }
});

it('an archive is intact whose states were pruned in part before the rest was sealed', async () => {
  const archive = await sealedArchive({ sealed: 0 });
  const { sqlite, days, store, trial } = archive;
  const [first = '', second = ''] = days;
  const ids = sqlite
    .prepare<[string], string>('SELECT DISTINCT instance_id FROM invocations WHERE requested_at < ? ORDER BY 1 LIMIT 5')
    .pluck()
    .all(second);
  const deps = { sqlite, now: () => new Date('2026-09-01T00:00:00.000Z'), renew: () => {} };
  for (const instanceId of ids.slice(0, 3))
    await prune(deps, {
      kind: 'invocations',
      by: 'me',
      reason: 'x',
      selection: { instanceId, requestedBefore: second },
    });
  sqlite.pragma('foreign_keys = ON');
  expect(sentences(verdictOf(archive))).toBe('');
  const sealing = await sealDeps(sqlite.name, store);
  for (const day of [first, second]) await sealDay(sealing, day);
  await trial.pass();
  const verdict = verdictOf(archive);
  expect(sentences(verdict)).toBe('');
  expect([verdict.pruned > 0, verdict.sealed > 0]).toEqual([true, true]);
});

it('an archive is intact, and so is its lake, at each step of an unsealing, of late changes and of the seal after them', async () => {
  const archive = await sealedArchive({ sealed: 2 });
  const { sqlite, deps, sealed, trial, lake } = archive;
  const [first = ''] = sealed;
  const place = { location: lake, cacheFolder: tempFolder(), cacheBytes: 0 };
  const look = async (when: string) => {
    expect(sentences(verdictOf(archive)), when).toBe('');
    const question = { path: sqlite.name, place, random: Math.random, program: builtProgram('lake-verifier') };
    expect((await verifyLake(question)).faults, when).toEqual([]);
  };
  const steps: string[] = [];
  const watched: SealDeps = {
    ...deps,
    onStep: ({ step }) => {
      steps.push(step);
      expect(sentences(verdictOf(archive)), step).toBe('');
    },
  };
  await look('sealed');
  await bringDayBack(watched, first);
  await look('unsealed');
  await trial.pass();
  await look('collected again');
  await sealDay(watched, first);
  // The manifest of the new generation has its proof only after this.
  await proveDays(watched);
  await look('sealed again');
  expect(sqlite.prepare('SELECT generation FROM sealed_days WHERE day = ?').pluck().get(first)).toBe(2);
  expect(steps).toEqual(expect.arrayContaining(['back', 'staged', 'committed', 'removed', 'proved']));
});
