import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readCheckpointFile } from '../../src/archive/verify/outside/read-checkpoint-file.ts';
import { sortWords } from '../../src/cli/commands/verify/sort-words.ts';
import { checkedKeys } from '../../src/cli/commands/verify/verify-pack.ts';
import { readQueryText } from '../../src/cli/sql/read-query-text.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { faultOfSchedule } from '../../src/ingest/schedule.ts';
import { createNoteKey, parseSigningKey, parseVerifierKey } from '../../src/ledger/notes/note-key.ts';
import { readVerifierKey } from '../../src/ledger/notes/open-signer.ts';
import { openNote, signNote } from '../../src/ledger/notes/signed-note.ts';
import { readSavedReports } from '../../src/reports/saved/read-saved-reports.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { AS_WINDOWS_WRITES } from '../lib/text-file/as-windows-writes.ts';

const { signingKey, verifierKey } = createNoteKey('ssm-archive/0123456789abcdef', randomBytes);
const NOTE = signNote('ssm-archive/0123456789abcdef\n1\nAAAA\n', parseSigningKey(signingKey));
const SQL = "SELECT count(*) FROM invocations -- Überprüfung\nWHERE comment = 'é'\n";
const ANSI = Buffer.from('# Überprüfung\n', 'latin1');
const OF_ANSI = 'is not text in UTF-8 or UTF-16: line 1 has the byte 0xDC, which is "Ü" in Windows-1252 ("ANSI").';

function fileOf(bytes: Uint8Array, name = 'file'): string {
  const path = join(tempFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

const typed = (bytes: Buffer) => Object.assign(Readable.from([bytes]), { isTTY: false as const });

function configOf(bytes: Uint8Array) {
  const path = fileOf(bytes, 'archive.yaml');
  return readConfig({ env: {}, cwd: join(path, '..'), faultOfSchedule }).config;
}

describe.each(AS_WINDOWS_WRITES)('a file as Windows writes it: %s', (_how, bytesOf) => {
  it('is read as the configuration that its author sees', () => {
    const text = `# Überprüfung\nregions: [eu-west-1]\nreports:\n  - name: mine\n    description: für uns\n    sql: |\n      SELECT 1\n      WHERE 1\n`;
    const { sources, reports } = configOf(bytesOf(text));
    expect([sources.map(({ regions }) => regions), reports]).toMatchObject([
      [['eu-west-1']],
      [{ name: 'mine', description: 'für uns', sql: 'SELECT 1\nWHERE 1\n' }],
    ]);
  });

  it('has the saved reports that its author sees', async () => {
    const text = 'reports:\n  - name: mine\n    description: für uns\n    sql: SELECT 1\n';
    expect(await readSavedReports(fileOf(bytesOf(text)))).toMatchObject([{ name: 'mine', description: 'für uns' }]);
  });

  it('is read as the query that its author sees, as a file and on standard input', async () => {
    expect(await readQueryText(undefined, fileOf(bytesOf(SQL)), typed(Buffer.from('')))).toBe(SQL);
    expect(await readQueryText('-', undefined, typed(bytesOf(SQL)))).toBe(SQL);
  });

  it('is read as the ledger’s key', () => {
    for (const end of ['', '\n', ' \n\n']) expect(readVerifierKey(fileOf(bytesOf(signingKey + end)))).toBe(verifierKey);
  });

  it('has readable checkpoints with valid signatures', () => {
    for (const text of [NOTE, NOTE + NOTE, NOTE.trimEnd(), `${NOTE}\n\ufeff${NOTE}\n`]) {
      const notes = readCheckpointFile(fileOf(bytesOf(text)));
      expect(notes).toHaveLength(text.split('\u2014').length - 1);
      for (const { note } of notes) expect(openNote(note, [parseVerifierKey(verifierKey)]).verified).toHaveLength(1);
    }
  });

  it('is recognized as a checkpoint if it follows another one on the command line', () => {
    const [first, second] = [fileOf(bytesOf(NOTE)), fileOf(bytesOf(NOTE))];
    expect(sortWords([second], { keys: [], checkpoints: [first] })).toMatchObject({ checkpoints: [first, second] });
  });
});

describe('a file in another encoding', () => {
  it('is refused as a configuration, with the file, the line and the byte', () => {
    expect(() => configOf(ANSI)).toThrow(`archive.yaml: ${OF_ANSI} Save it as UTF-8.`);
  });

  it('is refused as a file of saved reports', async () => {
    const path = fileOf(ANSI);
    await expect(readSavedReports(path)).rejects.toMatchObject({
      message: expect.stringContaining(`${path} has faults:\n  the file: ${OF_ANSI}`),
      exitCode: 2,
    });
  });

  it('is refused as a query', async () => {
    const path = fileOf(ANSI);
    await expect(readQueryText(undefined, path, typed(ANSI))).rejects.toThrow(`${path} ${OF_ANSI}`);
    await expect(readQueryText('-', undefined, typed(ANSI))).rejects.toThrow(`Standard input ${OF_ANSI}`);
  });

  it('is refused as a key and as a checkpoint', () => {
    const path = fileOf(ANSI);
    expect(() => readVerifierKey(path)).toThrow(
      `The ledger's key ${path} can't be used: it ${OF_ANSI} Save it as UTF-8.`,
    );
    expect(() => readCheckpointFile(path)).toThrow(`The checkpoint ${path} ${OF_ANSI}`);
  });

  it.each(['\u00e2\u20ac\u201d', '\u00d4\u00c7\u00f6', '\u0393\u00c7\u00f6'])(
    'is reported as a checkpoint that was damaged by copying: %s',
    (spoilt) => {
      const path = fileOf(Buffer.from(NOTE.replace('\u2014', spoilt)));
      expect(() => readCheckpointFile(path)).toThrow(/read its UTF-8 as another code page.*Copy the file unchanged/);
    },
  );
});

describe('several documents of YAML in one file', () => {
  const several = Buffer.from('---\nregions: [eu-west-1]\n---\nport: 1\n');

  it('are refused as a configuration and as saved reports, in the program’s own words', async () => {
    expect(() => configOf(several)).toThrow(
      'archive.yaml: has several documents, divided by lines of "---": join them into one',
    );
    await expect(readSavedReports(fileOf(several))).rejects.toThrow(
      'the file: has several documents, divided by lines',
    );
  });
});

describe('a key on the command line', () => {
  it('is read without the characters that a shell left around it', () => {
    for (const text of [`${verifierKey}\r`, `\ufeff${verifierKey}`, ` ${verifierKey} `]) {
      expect(checkedKeys([text])).toEqual([verifierKey]);
      expect(sortWords([text], { keys: [verifierKey], checkpoints: [] }).pack).toBeUndefined();
    }
  });
});
