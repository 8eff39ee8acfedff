import { constants } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import type { Database } from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addCheckpoint, keyEntry } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { createLedger } from '../../../src/ledger/create-ledger.ts';
import { formatCheckpoint } from '../../../src/ledger/notes/checkpoint.ts';
import { createCosigner } from '../../../src/ledger/notes/create-cosigner.ts';
import { createNoteKey, parseSigningKey } from '../../../src/ledger/notes/note-key.ts';
import { readVerifierKey } from '../../../src/ledger/notes/open-signer.ts';
import { cosignNote, signNote } from '../../../src/ledger/notes/signed-note.ts';
import { tileStore } from '../../../src/ledger/tiles/tile-store.ts';
import { treeRoot } from '../../../src/ledger/tree/tree-root.ts';
import {
  type BuiltArchive,
  buildArchive,
  opened,
  recordPass,
  sentences,
  sign,
  verdictAfter,
  verifyInProcess,
} from './attacked-archive.ts';
import { invocationsOf } from './odd-fleet.ts';
import { rebuildTree, unsign } from './rebuild-tree.ts';

let archive: BuiltArchive;
beforeAll(async () => {
  archive = await buildArchive(160, { isPruned: false });
});
afterAll(() => archive.remove());

const outside = () => ({ outside: [{ from: 'kept elsewhere', note: archive.checkpoints.at(-1)?.note ?? '' }] });
const trustedKeys = () => [readVerifierKey(archive.keyPath) ?? ''];

/** Does what an attacker wants: gives a command another sender, in every place that names the sender. */
function rewriteSender(sqlite: Database): void {
  sqlite.exec(`
    UPDATE command_senders SET principal_arn = 'somebody else' WHERE command_id = 'command-0';
    UPDATE ledger_entries SET entry_json = replace(entry_json, 'arn:aws:sts::012345678901:assumed-role/ops/é0', 'somebody else')
      WHERE entry_json LIKE '%"table":"command_senders"%';`);
}

/** A checkpoint of the file as it is, signed by a key of the attacker's own. */
function signAnew(sqlite: Database): void {
  const { signingKey } = createNoteKey('ssm-archive/stranger', (size) => Buffer.alloc(size, 7));
  const signer = parseSigningKey(signingKey);
  const at = new Date().toISOString();
  createLedger(sqlite).add('key', [keyEntry(signer.verifierKey, at)]);
  addCheckpoint(sqlite, signer, at);
}

describe('rows in another order', () => {
  const swap =
    (table: string, key: string, columns: string, [a, b]: [string, string]) =>
    (sqlite: Database) => {
      sqlite.exec(`CREATE TEMP TABLE kept AS SELECT * FROM main.${table} WHERE ${key} IN (${a}, ${b});
      DELETE FROM main.${table} WHERE ${key} IN (${a}, ${b});
      INSERT INTO main.${table} (${key}, ${columns}) SELECT CASE ${key} WHEN ${a} THEN ${b} ELSE ${a} END, ${columns} FROM kept;`);
    };

  it('are found among revisions', () => {
    const columns = 'invocation_id, observed_at, status, status_details, plugin_count, page_id, line, fingerprint';
    const verdict = verdictAfter(archive, swap('revisions', 'seq', columns, ['3', '4']));
    expect(sentences(verdict)).toMatch(
      /revision 3 of .* leaf 2 of the ledger: .*\n(.*\n)*.*revision 4 of .* leaf 3 of the ledger: /,
    );
    expect(verdict.faults[0]).toMatchObject({ leaf: 2 });
  });

  it('are found among entries', () => {
    const sqlite = opened(archive);
    const seqs = sqlite.prepare("SELECT seq FROM ledger_entries WHERE kind = 'row' LIMIT 2").pluck().all().map(String);
    sqlite.close();
    const [a = '', b = ''] = seqs;
    const verdict = verdictAfter(archive, swap('ledger_entries', 'seq', 'kind, entry_json', [a, b]));
    expect(sentences(verdict)).toMatch(
      new RegExp(`entry ${a} of the ledger, a row, does not match leaf ${Number(a) - 1} of the ledger`),
    );
  });

  it('are found among the steps of an invocation', () => {
    const verdict = verdictAfter(archive, (sqlite) => {
      const id = sqlite.prepare('SELECT invocation_id FROM plugins WHERE position = 1 LIMIT 1').pluck().get();
      for (const [to, from] of [
        [9, 0],
        [0, 1],
        [1, 9],
      ])
        sqlite.prepare('UPDATE plugins SET position = ? WHERE invocation_id = ? AND position = ?').run(to, id, from);
    });
    expect(sentences(verdict)).toMatch(/plugins\.name of step 0 differs from its last state/);
  });

  it('are found among the texts of outputs', () => {
    const verdict = verdictAfter(archive, swap('outputs', 'id', 'sha256, text, size_bytes', ['1', '2']));
    expect(sentences(verdict)).toMatch(/plugins\.output_id of step \d differs from its last state/);
  });
});

describe('an older copy of the file', () => {
  it('is intact in itself, but a later checkpoint from outside reveals it', () => {
    const sqlite = opened(archive);
    const before = sqlite.serialize();
    recordPassAndSign(sqlite);
    const later = sqlite.prepare('SELECT note FROM ledger_checkpoints ORDER BY size DESC LIMIT 1').pluck().get();
    expect(sentences(verifyInProcess(sqlite))).toBe('');
    sqlite.close();
    expect(sentences(verdictAfter({ bytes: before }, () => {}))).toBe('');
    const verdict = verdictAfter({ bytes: before }, () => {}, { outside: [{ from: 'of later', note: String(later) }] });
    expect(sentences(verdict)).toMatch(
      /the checkpoint of later has \d+ leaves, but the file has \d+: it is an older file/,
    );
  });

  function recordPassAndSign(sqlite: Database): void {
    recordPass({ sqlite }, 5, invocationsOf(20, 5));
    sign(sqlite, archive.keyPath, 5);
  }
});

describe('the removal of the ledger’s end, with everything that depends on it,', () => {
  it('is only found by a checkpoint from outside', () => {
    const cutOff = (sqlite: Database) => {
      const size = archive.checkpoints[2]?.size ?? 0;
      sqlite.exec(`DELETE FROM command_senders;
        DELETE FROM owed_sources;
        UPDATE unfinished_commands SET forgotten_at = NULL;
        CREATE TEMP TABLE fetched AS SELECT output_id AS id FROM full_outputs WHERE seq > ${size}
         EXCEPT SELECT output_id FROM plugins;
        INSERT INTO outputs_fts (outputs_fts, rowid, text)
          SELECT 'delete', id, text FROM searched_outputs WHERE id IN (SELECT id FROM fetched);
        DELETE FROM decoded_outputs WHERE output_id IN (SELECT id FROM fetched);
        DELETE FROM outputs WHERE id IN (SELECT id FROM fetched);
        DELETE FROM full_outputs WHERE seq > ${size};
        DELETE FROM ledger_entries WHERE seq > ${size};
        DELETE FROM ledger_checkpoints WHERE size > ${size};`);
      rebuildTree(sqlite, size);
    };
    expect(sentences(verdictAfter(archive, cutOff, { trustedKeys: trustedKeys() }))).toBe('');
    expect(sentences(verdictAfter(archive, cutOff, outside()))).toMatch(
      /the checkpoint kept elsewhere has \d+ leaves, but the file has \d+: it .* has lost its last leaves/,
    );
  });
});

describe('history that was changed, with a rebuilt tree,', () => {
  it('is found by the archive’s checkpoints, which nobody can sign again without the key', () => {
    const verdict = verdictAfter(archive, (sqlite) => {
      rewriteSender(sqlite);
      rebuildTree(sqlite);
    });
    expect(sentences(verdict)).toMatch(
      /^the checkpoint of \d+ leaves has another root for the first \d+ leaves: history before the checkpoint was changed$/,
    );
  });

  it('is found if another key signed its checkpoints, provided that the right key is known', () => {
    const attack = (sqlite: Database) => {
      rewriteSender(sqlite);
      unsign(sqlite);
      signAnew(sqlite);
    };
    expect(sentences(verdictAfter(archive, attack))).toBe('');
    expect(sentences(verdictAfter(archive, attack, { trustedKeys: trustedKeys() }))).toMatch(
      /^the checkpoint of \d+ leaves cannot be believed: None of the given keys has signed the note/,
    );
  });

  it('is found if a checkpoint by another key follows the right ones', () => {
    const attack = (sqlite: Database) => signAnew(sqlite);
    expect(sentences(verdictAfter(archive, attack, { trustedKeys: trustedKeys() }))).toMatch(/cannot be believed/);
  });

  it('is found by a checkpoint from outside if the file has no checkpoint itself', () => {
    const attack = (sqlite: Database) => {
      rewriteSender(sqlite);
      unsign(sqlite);
    };
    expect(sentences(verdictAfter(archive, attack, { ...outside(), trustedKeys: trustedKeys() }))).toMatch(
      /the checkpoint kept elsewhere (has \d+ leaves, but the file has \d+|has another root)/,
    );
  });

  it('is found by a checkpoint from outside whose key the file does not know', () => {
    const verdict = verdictAfter(archive, unsign, outside());
    expect(sentences(verdict)).toMatch(
      /the checkpoint kept elsewhere belongs to the ledger \S+, but nobody has signed this archive/,
    );
  });

  it('is found if a trigger was removed to change it', () => {
    const verdict = verdictAfter(archive, () => {}, {});
    expect(sentences(verdict)).toBe('');
    const sqlite = opened(archive);
    sqlite.exec(
      "DROP TRIGGER revisions_are_not_updated; UPDATE revisions SET observed_at = '2020-01-01T00:00:00.000Z' WHERE seq = 2;",
    );
    const found = sentences(verifyInProcess(sqlite));
    expect(found).toMatch(
      /revision 2 of .*, observed at 2020-01-01T00:00:00.000Z, does not match leaf 1 of the ledger/,
    );
    expect(found).toContain('the trigger revisions_are_not_updated is missing');
    sqlite.close();
  });
});

describe('history that was changed by somebody who has the archive’s own key too', () => {
  /** Signs the checkpoints of the file over its present tree, with the key that signed them before. */
  function signAgain(sqlite: Database): void {
    const signer = parseSigningKey(readFileSync(archive.keyPath, 'utf8').trim());
    const { read } = tileStore(sqlite);
    for (const { size } of archive.checkpoints) {
      const text = formatCheckpoint({ origin: signer.name, size, root: treeRoot(read, size) });
      sqlite.prepare('UPDATE ledger_checkpoints SET note = ? WHERE size = ?').run(signNote(text, signer), size);
    }
  }
  /** Changes a checkpoint's time, also in its ledger entry, so that all checkpoints from there on get other roots. */
  function rewrite(sqlite: Database): void {
    const size = archive.checkpoints[0]?.size ?? 0;
    sqlite.exec(`
      UPDATE ledger_checkpoints SET made_at = '2020-01-01T00:00:00.000Z' WHERE size = ${size};
      UPDATE ledger_entries SET entry_json = '{"at":"2020-01-01T00:00:00.000Z","kind":"checkpoint"}' WHERE seq = ${size};`);
    rebuildTree(sqlite);
    signAgain(sqlite);
  }

  it('is found by the signatures of witnesses, which no key of the archive can make again', () => {
    expect(sentences(verdictAfter(archive, rewrite, { trustedKeys: trustedKeys() }))).toMatch(
      /^(the cosignature by \S+ of the checkpoint of \d+ leaves cannot be believed: The signature of \S+ is false\n?){6}$/,
    );
  });

  it('is found if its cosignatures were removed too, as long as the ledger has entries about them', () => {
    const verdict = verdictAfter(archive, (sqlite) => {
      sqlite.exec('DELETE FROM ledger_cosignatures');
      rewrite(sqlite);
    });
    expect(sentences(verdict)).toMatch(/^(the cosignature by \S+ of the checkpoint of \d+ leaves is missing\n?){6}$/);
  });

  it('is found if the attacker’s own witness cosigned it, because the ledger does not know that key', () => {
    const stranger = createCosigner(
      createNoteKey('witness.example/w1', (size) => Buffer.alloc(size, 9)).signingKey,
      () => new Date(),
    );
    const verdict = verdictAfter(archive, (sqlite) => {
      rewrite(sqlite);
      const { size, note } = archive.checkpoints[0] ?? { size: 0, note: '' };
      sqlite
        .prepare("UPDATE ledger_cosignatures SET signature = ? WHERE size = ? AND witness = 'witness.example/w1'")
        .run(cosignNote(note, stranger).trimEnd().split('\n').at(-1), size);
    });
    expect(sentences(verdict)).toMatch(
      /the cosignature by witness\.example\/w1 of the checkpoint of \d+ leaves cannot be believed: None of the given keys/,
    );
  });
});

describe('a false cosignature', () => {
  const change = (sql: string) => sentences(verdictAfter(archive, (sqlite) => sqlite.exec(sql)));

  it('is found if it belongs to another checkpoint', () => {
    const [first, second] = archive.checkpoints.map(({ size }) => size);
    expect(
      change(`UPDATE ledger_cosignatures AS c SET signature =
        (SELECT signature FROM ledger_cosignatures o WHERE o.size = ${second} AND o.witness = c.witness) WHERE size = ${first}`),
    ).toMatch(/cannot be believed: The signature of witness\.example\/w1\+[0-9a-f]{8} is false/);
  });

  it('is found if the right key made it, but it differs from the one in the ledger', () => {
    const witness = createCosigner(
      createNoteKey('witness.example/w1', (size) => Buffer.alloc(size, 1)).signingKey,
      () => new Date(),
    );
    const { size, note } = archive.checkpoints[0] ?? { size: 0, note: '' };
    const line = cosignNote(note, witness).trimEnd().split('\n').at(-1);
    expect(
      change(
        `UPDATE ledger_cosignatures SET signature = '${line}' WHERE size = ${size} AND witness = 'witness.example/w1'`,
      ),
    ).toMatch(
      /^the cosignature by witness\.example\/w1 of the checkpoint of \d+ leaves differs from the one in the ledger$/,
    );
  });

  it('is found if one row has it twice', () => {
    expect(change('UPDATE ledger_cosignatures SET signature = signature || char(10) || signature')).toMatch(
      /is more than one signature/,
    );
  });

  it('is found if the bytes of its name differ from the witness’s name, even if both look the same', () => {
    const other = "'zeuge.example/' || CAST(x'F09080' AS TEXT)";
    expect(change(`UPDATE ledger_cosignatures SET witness = ${other} WHERE witness LIKE 'z%'`)).toMatch(
      /has bytes that are not UTF-8: size, witness/,
    );
  });

  it('is found if it is older than its key in the ledger', () => {
    expect(
      change(`UPDATE ledger_entries SET entry_json = replace(entry_json, 'witness.example/w1+', 'witness.example/w2+')
        WHERE kind = 'witness'`),
    ).toMatch(/is by a witness whose key had no entry in the ledger yet/);
  });
});

describe('a text with bytes that are not UTF-8', () => {
  it.each([
    ['outputs', 'text', /output \d+ does not have its SHA-256/],
    ['invocations', 'comment', /revision \d+ of .*: invocations\.comment has bytes that are not UTF-8/],
    ['commands', 'comment', /state \d+ of command .*: commands\.comment has bytes that are not UTF-8/],
    ['ledger_entries', 'entry_json', /entry \d+ of the ledger, a \w+, does not match leaf/],
  ])('is found in %s.%s, even if the text looks as before', (table, column, names) => {
    const read = `SELECT rowid AS id, ${column} AS text FROM ${table} WHERE ${column} LIKE '%' || char(65533) || '%' LIMIT 1`;
    const verdict = verdictAfter(archive, (sqlite) => {
      const before = sqlite.prepare<[], { id: number; text: string }>(read).get();
      const bytes = Buffer.from(before?.text ?? '');
      // Only three of a character's four bytes: SQLite reads them as U+FFFD, whose bytes are different.
      bytes.set([0xf0, 0x90, 0x80], bytes.indexOf('\ufffd'));
      sqlite.prepare(`UPDATE ${table} SET ${column} = CAST(? AS TEXT) WHERE rowid = ?`).run(bytes, before?.id);
      expect(sqlite.prepare(`SELECT ${column} FROM ${table} WHERE rowid = ?`).pluck().get(before?.id)).toBe(
        before?.text,
      );
    });
    expect(sentences(verdict)).toMatch(names);
  });
});

describe('a pass or a sweep that has ended', () => {
  it.each(['runs', 'sweeps'])('is found to be changed in %s if its row says that it is still running', (table) => {
    const verdict = verdictAfter(archive, (sqlite) =>
      sqlite.exec(`UPDATE ${table} SET outcome = 'running' WHERE id = 1`),
    );
    expect(sentences(verdict)).toMatch(new RegExp(`${table} lacks the row \\[1\\], or the row has not ended`));
  });
});

describe('made-up numbers that would cause endless work', () => {
  it.each([
    ['a tile', 'INSERT INTO ledger_tiles (level, number, hashes) VALUES (0, 4000000000000, zeroblob(8192))', /tiles/],
    [
      'a tile with part of a hash',
      "UPDATE ledger_tiles SET hashes = CAST(hashes || x'00' AS BLOB) WHERE number = 1",
      /ledger_tiles/,
    ],
    ['a revision', 'UPDATE revisions SET seq = 9007199254740993 WHERE seq = 3', /revision 3|row 3/],
    [
      'a checkpoint',
      'UPDATE ledger_checkpoints SET size = 9007199254740991 WHERE size = (SELECT max(size) FROM ledger_checkpoints)',
      /the checkpoint of/,
    ],
    ['a level', 'UPDATE ledger_tiles SET level = 4000000000 WHERE level = 0 AND number = 0', /tile 0 of level 0/],
    [
      'leaves that were pruned',
      "INSERT INTO pruned_leaves VALUES ('entries', 1, 9007199254740991, 5)",
      /pruned_leaves has entries 1 to 9007199254740991, which no tombstone names/,
    ],
    ['no tiles', 'DELETE FROM ledger_tiles', /ledger_tiles has 0 leaves, but the rows go up to/],
  ])('are found: %s', (_, sql, names) => {
    expect(sentences(verdictAfter(archive, (sqlite) => sqlite.exec(sql)))).toMatch(names);
  });
});

describe('a batch of states that unpacks to an impossible size', () => {
  it('is reported by name, and everything else is still verified', () => {
    // Packed zeros: only half a megabyte in the file.
    const bomb = deflateRawSync(Buffer.alloc(constants.MAX_STRING_LENGTH + 1024));
    const verdict = verdictAfter(archive, (sqlite) => {
      sqlite.prepare('UPDATE revision_pages SET states = ? WHERE id = 3').run(bomb);
    });
    expect(sentences(verdict)).toMatch(/: state batch 3 cannot be unpacked \(/);
    expect(verdict).toMatchObject({ verdict: 'not-intact', checkpoints: 4 });
  });
});
