import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../src/archive/file/open-archive.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { runCli } from './run-cli.ts';
import { runHere } from './run-here.ts';

function folderOfArchive(): string {
  const folder = tempFolder();
  openArchive(join(folder, 'data.db')).close();
  writeFileSync(join(folder, 'archive.yaml'), 'db: data.db\nsources:\n  - {alias: production}\n  - {alias: staging}\n');
  return folder;
}

describe('a name that does not exist is reported with the name that was probably meant', () => {
  it.each<[string, string[], string]>([
    [
      'a report',
      ['report', 'failurs-by-document-and-week'],
      'There is no report "failurs-by-document-and-week". Did you mean "failures-by-document-and-week"?',
    ],
    ['an engine', ['lake', 'ddl', 'clikhouse'], 'Did you mean "clickhouse"?'],
    ['a table', ['lake', 'ddl', 'duckdb', '--location', '/', '--table', 'plugin'], 'Did you mean "plugins"?'],
    ['a report to be described', ['report', 'What-Ran', '--describe'], 'Did you mean "what-ran"?'],
    [
      'a parameter of a report',
      ['report', 'what-ran', '--param', 'fom=-7d'],
      'fom: is not a parameter of what-ran; its parameters are from, to, ',
    ],
    ['a parameter of a report', ['report', 'what-ran', '--param', 'fom=-7d'], 'Did you mean "from"'],
    [
      'a report of a pack',
      ['evidence', '--from', '-7d', '--to', 'now', '--output', 'p.zip', '--report', 'whatran'],
      'Did you mean "what-ran"?',
    ],
    [
      'a source to collect',
      ['ingest', '--source', 'prodution'],
      'There is no source "prodution". Did you mean "production"? The configuration has: production, staging.',
    ],
    ['a source to reconcile', ['reconcile', '--source', 'stagin'], 'Did you mean "staging"?'],
    [
      'a member to leave out',
      ['evidence', '--from', '-7d', '--to', 'now', '--output', 'p.zip', '--redact', 'Outptu'],
      'not "Outptu". Did you mean "Output"?',
    ],
    [
      'a role',
      ['token', 'create', '--name', 'a', '--role', 'operater'],
      'Allowed choices are reader, sql, operator. Did you mean "operator"?',
    ],
    ['a format', ['sql', '--format', 'tabel', 'SELECT 1'], 'Did you mean "table"?'],
    [
      'a fault of the simulator',
      ['simulate', '--fault', 'throttlerate=1'],
      'There is no fault "throttlerate". Did you mean "throttleRate"?',
    ],
    [
      'a kind of time',
      ['simulate', '--filter-time', 'comand'],
      '--filter-time must be invocation or command, not "comand". Did you mean "command"?',
    ],
    ['a command', ['statsu'], 'Did you mean status?'],
    ['a subcommand', ['hold', 'palce'], 'Did you mean place?'],
    ['an option', ['status', '--jsno'], 'Did you mean --json?'],
    ['an option of every command', ['status', '--conifg', 'x'], 'Did you mean --config?'],
  ])('%s: %j', async (_, args, sentence) => {
    const { exitCode, stderr } = await runHere(folderOfArchive(), args);
    expect(stderr).toContain(sentence);
    expect(exitCode).toBe(2);
  });

  it('a token, and a hold with the list of the holds in force', async () => {
    const folder = folderOfArchive();
    await runHere(folder, ['token', 'create', '--name', 'auditor', '--role', 'reader']);
    const revoked = await runHere(folder, ['token', 'revoke', 'auditro']);
    expect(revoked.stderr).toContain('There is no token "auditro". Did you mean "auditor"?');
    await runHere(folder, ['hold', 'place', '--everything', '--reason', 'r']);
    const released = await runHere(folder, ['hold', 'release', '12', '--reason', 'r']);
    expect(released.stderr).toContain('There is no hold 12. Hold 1 is in force. ');
    expect([revoked.exitCode, released.exitCode]).toEqual([2, 2]);
  });

  it('a value that cannot be the number of a hold is refused because it is not a number', async () => {
    const released = await runHere(folderOfArchive(), ['hold', 'release', 'x', '--reason', 'r']);
    expect(released.stderr).toContain('<id> must be a whole number');
  });

  it.each<[string, string]>([
    ['SELECT * FROM invocation', 'no such table: invocation. Did you mean "invocations"? (line 1, column 15)'],
    ['SELECT * FROM main.plugin_run', 'no such table: main.plugin_run. Did you mean "plugin_runs"'],
    ['SELECT stauts FROM invocations', 'no such column: stauts. Did you mean "status"? (line 1, column 8)'],
    ['SELECT i.docment_name FROM invocations AS i', 'no such column: i.docment_name. Did you mean "document_name"?'],
    ['SELECT lenght(status) FROM invocations', 'no such function: lenght. Did you mean "length"? (line 1, column 8)'],
  ])('SQL: %s', async (sql, sentence) => {
    const { exitCode, stderr } = await runCli(folderOfArchive(), ['sql', sql]);
    expect(stderr).toContain(sentence);
    expect(exitCode).toBe(2);
  });

  it('SQL: a parameter of a query', async () => {
    const { stderr } = await runCli(folderOfArchive(), ['sql', 'SELECT :from', '--param', 'fom=-7d']);
    expect(stderr).toContain('The SQL has no parameter "fom"; it has :from. Did you mean ":from"?');
  });

  it('a scheduled report that is not defined', async () => {
    const folder = folderOfArchive();
    writeFileSync(
      join(folder, 'archive.yaml'),
      'db: data.db\nreports:\n  - {name: whatran, schedule: "0 6 * * *", directory: out}\n',
    );
    const { exitCode, stderr } = await runCli(folder, ['serve', '--port', '0'], { SSM_ARCHIVE_LOG: 'text' });
    expect(stderr).toContain('whatran: has a schedule, but is not defined. Did you mean "what-ran"?');
    expect(exitCode).toBe(2);
  });
});
