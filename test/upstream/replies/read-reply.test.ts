import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ReplyUnreadable } from '../../../src/upstream/errors.ts';
import { parseReply as parse, readBody } from '../../../src/upstream/replies/read-reply.ts';

const parseReply = (body: Buffer) => parse(body, 'ListCommandInvocations');

describe('a reply', () => {
  it('has its items with every member, and the token of the next reply', () => {
    const body = '{"CommandInvocations":[{"Unmodelled":{"a":[1]},"Comment":""}],"NextToken":"t","More":1}';
    expect(parseReply(Buffer.from(body))).toEqual({ items: [{ Unmodelled: { a: [1] }, Comment: '' }], nextToken: 't' });
  });

  it('has the commands if it is a reply to ListCommands', () => {
    const body = Buffer.from('{"Commands":[{"CommandId":"c"}]}');
    expect(parse(body, 'ListCommands').items).toEqual([{ CommandId: 'c' }]);
    expect(() => parse(body, 'ListCommandInvocations')).toThrow(/has no list CommandInvocations/);
  });

  it.each([
    ['has no token', '{"CommandInvocations":[]}'],
    ['has an empty token', '{"CommandInvocations":[],"NextToken":""}'],
    ['has null for a token', '{"CommandInvocations":[],"NextToken":null}'],
  ])('ends the listing if it %s', (_what, body) => {
    expect(parseReply(Buffer.from(body))).toEqual({ items: [], nextToken: undefined });
  });

  it('may have no rows and still have a token', () => {
    expect(parseReply(Buffer.from('{"CommandInvocations":[],"NextToken":"t"}'))).toEqual({ items: [], nextToken: 't' });
  });

  it('is accepted with an error beside its list, and with texts that contain names of members', () => {
    const body =
      '{"__type":"X","CommandInvocations":[{"Comment":"CommandInvocations","NextToken":"a"}],"NextToken":"t"}';
    expect(parseReply(Buffer.from(body))).toEqual({
      items: [{ Comment: 'CommandInvocations', NextToken: 'a' }],
      nextToken: 't',
    });
  });

  it.each([
    ['cut short', '{"CommandInvocations":[{"CommandId":"c"}'],
    ['empty', ''],
    ['a page of HTML', '<html>'],
    ['a list', '[]'],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['a reply with an object for the items', '{"CommandInvocations":{}}'],
    ['a reply with null for the items', '{"CommandInvocations":null}'],
    ['a reply with null for the items, and a token', '{"CommandInvocations":null,"NextToken":"t"}'],
    ['a reply with a text for the items', '{"CommandInvocations":"[]"}'],
    ['only a token', '{"NextToken":"t"}'],
    ['only an error', '{"__type":"InternalServerError"}'],
    ['a reply of another operation', '{"Commands":[]}'],
    ['a reply with two lists of the same name', '{"CommandInvocations":[{"CommandId":"c"}],"CommandInvocations":[]}'],
    ['a reply with two tokens', '{"CommandInvocations":[],"NextToken":"t","NextToken":null}'],
    ['a reply with an object for the token', '{"CommandInvocations":[],"NextToken":{}}'],
    ['a reply with a number for the token', '{"CommandInvocations":[],"NextToken":7}'],
  ])('is reported as unreadable if it is %s, and never treated as an empty page', (_what, body) => {
    expect(() => parseReply(Buffer.from(body))).toThrow(ReplyUnreadable);
  });

  it('is read whole even if its chunks cut characters in two', async () => {
    const bytes = Buffer.from('{"a":"€🎉"}');
    const chunks = Readable.from([...bytes].map((byte) => Buffer.from([byte])));
    expect(await readBody(chunks, 1000)).toEqual(bytes);
  });

  it('is rejected with the cause if its connection breaks', async () => {
    async function* broken() {
      yield Buffer.from('{"Command');
      throw new Error('aborted');
    }
    await expect(readBody(Readable.from(broken()), 1000)).rejects.toThrow('aborted');
  });

  it('is abandoned if it stops in the middle while its connection stays open', async () => {
    const body = new Readable({ read() {} });
    body.push('{"Command');
    await expect(readBody(body, 20)).rejects.toThrow(ReplyUnreadable);
    expect(body.destroyed).toBe(true);
  });
});
