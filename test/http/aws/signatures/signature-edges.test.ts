import { describe, expect, it } from 'vitest';
import { callerTrial } from '../caller-trial.ts';
import { altered } from '../signed-request.ts';
import {
  answers,
  incomplete,
  invalid,
  MISMATCH,
  NO_SESSION,
  SERVED,
  UNSIGNED,
  unrecognized,
} from './signature-answers.ts';

const EXPIRES = (stated: string) => `X-Amz-Expires must be a number of seconds between 1 and 604800, not '${stated}'.`;

describe('the clock of a client', () => {
  const LATE = 'Signature expired: 20260301T091459Z is now earlier than 20260301T091500Z (20260301T093000Z - 15 min.)';
  const EARLY =
    'Signature not yet current: 20260301T094501Z is still later than 20260301T094500Z (20260301T093000Z + 15 min.)';

  it('may be up to 15 minutes slow or fast, and not a second more', async () => {
    const { key, sign, ask } = callerTrial();
    const made = key();
    const { given, expected } = await answers(
      [
        ['15 minutes late', { date: '09:15:00' }, SERVED],
        ['15 minutes and a second late', { date: '09:14:59' }, invalid(LATE)],
        ['15 minutes early', { date: '09:45:00' }, SERVED],
        ['15 minutes and a second early', { date: '09:45:01' }, invalid(EARLY)],
        ['15 minutes early, presigned', { date: '09:45:00', expiresIn: 1 }, SERVED],
        ['15 minutes and a second early, presigned', { date: '09:45:01', expiresIn: 1 }, invalid(EARLY)],
      ],
      async ({ date, ...more }) => ask(await sign(made, { ...more, date: new Date(`2026-03-01T${date}Z`) })),
    );
    expect(given).toEqual(expected);
  });

  it('is compared in whole seconds, because a signature has no fractions of a second', async () => {
    const { key, sign, ask, pass } = callerTrial();
    const made = key();
    const edge = { date: new Date('2026-03-01T09:15:00Z') };
    pass(999);
    expect(await ask(await sign(made, edge))).toMatchObject(SERVED);
    pass(1);
    expect(await ask(await sign(made, edge))).toMatchObject(
      invalid('Signature expired: 20260301T091500Z is now earlier than 20260301T091501Z (20260301T093001Z - 15 min.)'),
    );
  });
});

describe('a presigned request', () => {
  it('is valid for the time that it states, from a second to a week, and not a second longer', async () => {
    const { key, sign, ask } = callerTrial();
    const made = key();
    const over = 'Signature expired: 20260301T092858Z is now earlier than 20260301T092859Z';
    const week = 'Signature expired: 20260222T092959Z is now earlier than 20260222T093000Z';
    const { given, expected } = await answers(
      [
        ['a second', { date: '2026-03-01T09:29:59Z', expiresIn: 1 }, SERVED],
        ['its last second', { date: '2026-03-01T09:28:59Z', expiresIn: 61 }, SERVED],
        ['a second over', { date: '2026-03-01T09:28:58Z', expiresIn: 61 }, invalid(over)],
        ['a week', { date: '2026-02-22T09:30:00Z', expiresIn: 604_800 }, SERVED],
        ['a week and a second', { date: '2026-02-22T09:29:59Z', expiresIn: 604_800 }, invalid(week)],
      ],
      async ({ date, expiresIn }) => ask(await sign(made, { date: new Date(date), expiresIn })),
    );
    expect(given).toEqual(expected);
  });

  it('is refused if the time that it states is not allowed, or was changed after signing', async () => {
    const { key, sign, ask } = callerTrial();
    const request = await sign(key(), { expiresIn: 60 });
    const faulty = ['', '0', '-1', '604801', '1000000', '1.5', '1e3', ' 60', '60s', '0x3c'];
    const { given, expected } = await answers(
      [
        ...faulty.map((stated) => [stated, stated, incomplete(EXPIRES(stated))] as const),
        ['604800', '604800', MISMATCH],
        ['61', '61', MISMATCH],
      ],
      async (stated) => {
        const url = new URL(request.url);
        url.searchParams.set('X-Amz-Expires', stated);
        return ask(await altered(request, { url: url.href }));
      },
    );
    expect(given).toEqual(expected);
  });

  it('gets an error that names each parameter that is missing or has a wrong value', async () => {
    const { key, sign, ask } = callerTrial();
    const request = await sign(key(), { expiresIn: 60 });
    const lacks = (name: string) => incomplete(`AWS query-string parameters must include '${name}'.`);
    const { given, expected } = await answers(
      [
        // Without the algorithm, the request does not look signed at all.
        ['no algorithm', { 'X-Amz-Algorithm': undefined }, UNSIGNED],
        ['an empty algorithm', { 'X-Amz-Algorithm': '' }, lacks('X-Amz-Algorithm')],
        ['no credential', { 'X-Amz-Credential': undefined }, lacks('X-Amz-Credential')],
        ['no signature', { 'X-Amz-Signature': undefined }, lacks('X-Amz-Signature')],
        ['no headers', { 'X-Amz-SignedHeaders': undefined }, lacks('X-Amz-SignedHeaders')],
        ['no date', { 'X-Amz-Date': undefined }, lacks('X-Amz-Date')],
        ['no lifetime', { 'X-Amz-Expires': undefined }, incomplete(EXPIRES(''))],
        ['a session token', { 'X-Amz-Security-Token': 'any' }, NO_SESSION],
        ['one parameter more', { a: 'b' }, MISMATCH],
        [
          'another algorithm',
          { 'X-Amz-Algorithm': 'AWS4-HMAC-SHA1' },
          incomplete("Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'."),
        ],
      ],
      async (change: Record<string, string | undefined>) => {
        const url = new URL(request.url);
        for (const [name, value] of Object.entries(change)) {
          if (value === undefined) url.searchParams.delete(name);
          else url.searchParams.set(name, value);
        }
        return ask(await altered(request, { url: url.href }));
      },
    );
    expect(given).toEqual(expected);
  });

  it('must not have a signature in its header too', async () => {
    const { key, sign, ask } = callerTrial();
    const made = key();
    const authorization = (await sign(made)).headers.get('authorization') ?? '';
    const both = await altered(await sign(made, { expiresIn: 60 }), { headers: { authorization } });
    expect(await ask(both)).toMatchObject(
      invalid("Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."),
    );
  });
});

/** A key, and a request signed with it. */
async function signedTrial() {
  const trial = callerTrial();
  const made = trial.key();
  return { ...trial, made, request: await trial.sign(made) };
}

describe('a signed request', () => {
  it('is refused if a signed part was changed or removed', async () => {
    const { request, ask } = await signedTrial();
    const types = { 'content-type': 'application/json' };
    for (const headers of [types, { 'x-amz-date': '20260301T093001Z' }, { host: 'localhost:8420' }])
      expect(await ask(await altered(request, { headers }))).toMatchObject(MISMATCH);
    const gone = new Headers(request.headers);
    gone.delete('content-type');
    expect(await ask(new Request(request.url, { method: 'POST', headers: gone, body: '{}' }))).toMatchObject(MISMATCH);
  });

  it('must be dated in the basic format', async () => {
    const { request, ask } = await signedTrial();
    const cases = [
      '2026-03-01T09:30:00Z',
      '20260301',
      '20260301T093000',
      '20260301T093060Z',
      '20261301T093000Z',
      '1772357400',
    ];
    const { given, expected } = await answers(
      cases.map((date) => [
        date,
        date,
        incomplete(`Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`),
      ]),
      async (date) => ask(await altered(request, { headers: { 'x-amz-date': date } })),
    );
    expect(given).toEqual(expected);
  });

  it('without any date gets an error that names the missing headers', async () => {
    const { request, ask } = await signedTrial();
    const headers = new Headers(request.headers);
    headers.delete('x-amz-date');
    expect(await ask(new Request(request.url, { method: 'POST', headers, body: '{}' }))).toMatchObject(
      incomplete(
        `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256`,
      ),
    );
  });

  it('with a session token, signed or not, gets an error that says to unset the token if its key exists', async () => {
    const { made, sign, ask, request } = await signedTrial();
    const headers = { 'x-amz-security-token': 'any' };
    expect(await ask(await sign(made, { headers }))).toMatchObject(NO_SESSION);
    expect(await ask(await altered(request, { headers }))).toMatchObject(NO_SESSION);
    expect(await ask(await sign({ ...made, accessKeyId: 'ASIAEXAMPLE' }, { headers }))).toMatchObject(
      unrecognized('The security token included in the request is invalid.'),
    );
  });
});
