import { describe, expect, it } from 'vitest';
import { OutputDenied } from '../../../src/upstream/outputs/output-errors.ts';
import { READING, rawService } from './raw-service.ts';

const STORED = { stream: 'stdout', store: 'acme-output', name: 'a/b' } as const;

/** What is read of an object whose reply is this. */
async function read(status: number, headers: Record<string, string | string[] | number>, body: string | Buffer = '') {
  const source = await rawService((_, response) => {
    response.writeHead(status, { 'x-amz-request-id': 'R', etag: '"0"', ...headers }).end(body);
  });
  return source.readObject(STORED, READING);
}

const error = (code: string, message = 'No.') => `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

describe('an object', () => {
  it('is whole if the reply has all of it, with a range or without one, and also without bytes', async () => {
    const whole = { cutBy: null, totalBytes: 5, bytes: Buffer.from('hello') };
    expect(await read(206, { 'content-range': 'bytes 0-4/5', 'content-length': 5 }, 'hello')).toMatchObject(whole);
    expect(await read(200, { 'content-length': 5 }, 'hello')).toMatchObject(whole);
    expect(await read(200, { 'content-length': 0 })).toMatchObject({ cutBy: null, totalBytes: 0 });
    expect(await read(416, {}, error('InvalidRange'))).toMatchObject({ cutBy: null, totalBytes: 0 });
  });

  it('is kept as its bytes lie there, also compressed ones', async () => {
    const bytes = Buffer.from([0x1f, 0x8b, 8, 0, 1]);
    expect(await read(200, { 'content-length': 5, 'content-encoding': 'gzip' }, bytes)).toMatchObject({ bytes });
  });

  it('is cut, with the size that it has, if the server sends more than it was asked for', async () => {
    const body = 'x'.repeat(5000);
    expect(await read(200, { 'content-length': 5000 }, body)).toMatchObject({
      ...{ cutBy: 'limit', totalBytes: 5000, bytes: Buffer.from(body.slice(0, 1000)) },
    });
  });

  it.each([
    ['is of other bytes than those asked for', 206, { 'content-range': 'bytes 5-9/10', 'content-length': 5 }, 'hello'],
    ['does not say how long the object is', 206, { 'content-range': 'bytes 0-4/*', 'content-length': 5 }, 'hello'],
    ['is a part without a range', 206, { 'content-length': 5 }, 'hello'],
    ['is shorter than its range', 206, { 'content-range': 'bytes 0-9/10', 'content-length': 5 }, 'hello'],
    ['has no length', 200, {}, 'hello'],
    ['is a page of somebody else', 200, { 'content-type': 'text/html', etag: [], 'content-length': 6 }, '<html>'],
    ['is that nothing has changed', 304, {}, ''],
  ] satisfies [string, number, Parameters<typeof read>[1], string][])(
    'is not kept if the reply %s',
    async (_, status, headers, body) => {
      await expect(read(status, headers, body)).rejects.toThrow();
    },
  );

  it('says which key it needs, if it lies encrypted and only the key is denied', async () => {
    const key = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const message = `User: arn:aws:iam::111122223333:user/a is not authorized to perform: kms:Decrypt on resource: ${key} because no identity-based policy allows the kms:Decrypt action`;
    const denied: unknown = await read(403, {}, error('AccessDenied', message)).catch((thrown: unknown) => thrown);
    expect(denied).toBeInstanceOf(OutputDenied);
    expect(denied).toMatchObject({ actions: ['kms:Decrypt'], resources: [key] });
  });
});
