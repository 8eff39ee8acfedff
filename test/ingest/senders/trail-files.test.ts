import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { importSenders } from '../../../src/ingest/import-senders.ts';
import { rowsOf, tempArchive, tempFolder } from '../../db/temp-archive.ts';
import { AS_WINDOWS_WRITES } from '../../lib/text-file/as-windows-writes.ts';

/** Returns a CloudTrail event of a command, sent in that minute by a person whose name has an umlaut. */
function event(commandId: string, minute = 30): object {
  return {
    ...{ eventVersion: '1.11', eventID: `e-${commandId}`, eventSource: 'ssm.amazonaws.com', eventName: 'SendCommand' },
    ...{ eventTime: `2026-03-01T09:${minute}:00Z`, awsRegion: 'eu-west-1', recipientAccountId: '012345678901' },
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::012345678901:user/Zoë \u{1f600}' },
    responseElements: { command: { commandId } },
  };
}

const found = (events: object[], members: object = {}) => ({
  Events: events.map((one) => ({ EventId: 'x', CloudTrailEvent: JSON.stringify(one) })),
  ...members,
});

/** Returns the result of importing one file with these bytes, and the commands whose sender is then known. */
function imported(bytes: string | Uint8Array) {
  const db = tempArchive();
  const path = join(tempFolder(), 'events.json');
  writeFileSync(path, bytes);
  const { skipped, partial } = importSenders(db, [path]);
  const rows = rowsOf(db, 'command_senders');
  return {
    commands: rows.map((row) => row.command_id).sort(),
    senders: [...new Set(rows.map((row) => row.principal_arn))],
    skipped: skipped.map(({ reason }) => reason),
    isPartial: partial.length > 0,
  };
}

const WHOLE = { senders: ['arn:aws:iam::012345678901:user/Zoë \u{1f600}'], skipped: [], isPartial: false };

describe('a CloudTrail file', () => {
  it.each(AS_WINDOWS_WRITES)('yields the same senders in every form that Windows writes: %s', (_how, bytesOf) => {
    const bytes = bytesOf(`${JSON.stringify(found([event('c-1')]), null, 2)}\n`);
    expect(imported(bytes)).toEqual({ ...WHOLE, commands: ['c-1'] });
    expect(imported(gzipSync(bytes))).toEqual({ ...WHOLE, commands: ['c-1'] });
  });

  it.each<[string, string]>([
    ['replies one after another', JSON.stringify(found([event('c-1')])) + JSON.stringify(found([event('c-2')]))],
    [
      'replies that take several lines',
      [event('c-1'), event('c-2')].map((e) => JSON.stringify(found([e]), null, 4)).join('\n'),
    ],
    [
      'replies, each with a byte order mark',
      [event('c-1'), event('c-2')].map((e) => `\ufeff${JSON.stringify(found([e]))}\r\n`).join(''),
    ],
    [
      'a reply and a log file',
      `${JSON.stringify(found([event('c-1')]))}\n${JSON.stringify({ Records: [event('c-2')] })}`,
    ],
    ['one event per line', `${JSON.stringify(event('c-1'))}\n${JSON.stringify(event('c-2'))}\n`],
    ['a list of events', JSON.stringify([event('c-1'), event('c-2')])],
    ['the list of events in a reply', JSON.stringify(found([event('c-1'), event('c-2')]).Events)],
  ])('may have several documents: %s', (_what, text) => {
    for (const [, bytesOf] of AS_WINDOWS_WRITES)
      expect(imported(bytesOf(text))).toEqual({ ...WHOLE, commands: ['c-1', 'c-2'] });
  });

  it('is skipped completely if one of its documents is broken, and that document is named', () => {
    const text = `${JSON.stringify(found([event('c-1')]), null, 1)}\n{"Events": [`;
    const line = text.split('\n').length;
    expect(imported(text)).toMatchObject({
      commands: [],
      skipped: [`Its document 2 of 2, which begins at line ${line}, is not JSON, or is not complete.`],
    });
  });

  it('is skipped if its encoding is not known: the message names what was found, and no name is stored with wrong letters', () => {
    const bytes = Buffer.from(JSON.stringify({ Records: [event('c-1')] }).replace(' \u{1f600}', ''), 'latin1');
    expect(imported(bytes)).toMatchObject({
      commands: [],
      skipped: [
        'It is not text in UTF-8 or UTF-16: line 1 has the byte 0xEB, which is "ë" in Windows-1252 ("ANSI"). Save it as UTF-8.',
      ],
    });
  });

  it('is skipped if it is empty', () => {
    for (const text of ['', '\ufeff', '\r\n']) expect(imported(text).skipped).toEqual(['It is empty.']);
  });
});

describe('a reply of lookup-events with a NextToken', () => {
  const first = found([event('c-1', 50), event('c-2', 40)], { NextToken: 'more' });

  it('makes its file count as partial, and its events are kept', () => {
    expect(imported(JSON.stringify(first))).toEqual({ ...WHOLE, commands: ['c-1', 'c-2'], isPartial: true });
  });

  it('does not make its file count as partial if the next reply of the file continues with older events', () => {
    const next = found([event('c-3', 40), event('c-4', 20)]);
    expect(imported(JSON.stringify(first) + JSON.stringify(next)).isPartial).toBe(false);
    const asLast = { ...next, NextToken: null };
    expect(imported(JSON.stringify(first) + JSON.stringify(asLast)).isPartial).toBe(false);
  });

  it.each([
    ['newer', event('c-3', 55)],
    ['of another region', { ...event('c-3', 20), awsRegion: 'us-east-1' }],
    ['of another account', { ...event('c-3', 20), recipientAccountId: '111122223333' }],
  ])('makes its file count as partial if the next reply does not continue it, because that is %s', (_what, other) => {
    expect(imported(JSON.stringify(first) + JSON.stringify(found([other]))).isPartial).toBe(true);
  });
});
