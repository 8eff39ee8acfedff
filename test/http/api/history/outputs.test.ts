import { describe, expect, it } from 'vitest';
import { apiTrial, faultsOf } from '../api-trial.ts';
import { CUT, FETCHED_AT, fetchedOf, invocationOf, pathOf, queueOf, streamOf } from './output-trial.ts';

const api = apiTrial({ fullOutputs: { from: ['get', 's3'] } });
const HOSTILE = '<script>alert(1)</script>\u001b[31mred\0nul\u202etxt.exe 😀\r\nend';
const LARGE = Buffer.from('a line of a large output, and 😀 in it\n'.repeat(750_000));
const S3 = { bucket: 'acme-output', key: 'runs/several/stdout' };
await api.record([
  ...['several', 'large', 'waiting', 'pruned', 'utf16', 'uncut'].map((id) => invocationOf(id)),
  invocationOf('small', 'all of it\n'),
]);
fetchedOf(api.db, { command: 'several', provenance: 'get' }, [
  streamOf('stdout', HOSTILE, { totalBytes: null, cutBy: 'service' }),
  streamOf('stderr', ''),
]);
fetchedOf(api.db, { command: 'several', provenance: 's3' }, [
  streamOf('stdout', `${HOSTILE}, and more`, { totalBytes: 90_000_000, cutBy: 'limit', location: S3 }),
]);
fetchedOf(api.db, { command: 'large', provenance: 's3' }, [streamOf('stdout', LARGE, { location: S3 })]);
fetchedOf(api.db, { command: 'utf16', provenance: 's3' }, [
  streamOf('stdout', Buffer.from('\ufeffZugriff verweigert: ä\r\n', 'utf16le')),
  streamOf('stderr', Buffer.from([0x46, 0xfc, 0xff, 0x00, 0x0a])),
]);
queueOf(api.db, 'waiting', { provenance: 's3', tries: 2, lastError: 'The service was busy' });
queueOf(api.db, 'waiting', { provenance: 'get', gaveUpAt: FETCHED_AT, tries: 1, lastError: 'InvocationDoesNotExist.' });
const at = (command: string, rest = '') => `/v1${pathOf(command)}${rest}`;
const textAt = async (path: string) => {
  const reply = await api.ask(path);
  expect(reply.status, path).toBe(200);
  return Buffer.from(await reply.arrayBuffer());
};

describe('GET one invocation', () => {
  it('lists what was fetched of its steps, from where and where it is cut, and the ETag is of that too', async () => {
    const { fullOutputs, unfetchedOutputs } = await api.json(at('several'));
    const step = { position: 0, name: 'runShellScript', fetchedAt: FETCHED_AT, encoding: 'utf-8', isPruned: false };
    const size = Buffer.byteLength(HOSTILE);
    expect(fullOutputs).toMatchObject([
      {
        ...step,
        stream: 'stdout',
        provenance: 's3',
        location: S3,
        sizeBytes: size + 10,
        totalBytes: 90_000_000,
        cutBy: 'limit',
      },
      {
        ...step,
        stream: 'stdout',
        provenance: 'get',
        location: null,
        sizeBytes: size,
        totalBytes: null,
        cutBy: 'service',
      },
      {
        ...step,
        stream: 'stderr',
        provenance: 'get',
        sizeBytes: 0,
        totalBytes: 0,
        cutBy: null,
        leaf: expect.any(Number),
      },
    ]);
    expect(unfetchedOutputs).toEqual([]);
    expect((await api.ask(at('several'))).headers.get('last-modified')).toBeNull();
  });

  it('says what is queued and what was given up, and why, and nothing of it as of a past time', async () => {
    expect(await api.json(at('waiting'))).toMatchObject({
      fullOutputs: [],
      unfetchedOutputs: [
        {
          ...{ position: 0, provenance: 'get', state: 'givenUp', tries: 1, gaveUpAt: FETCHED_AT },
          reason: `Given up at ${FETCHED_AT}: GetCommandInvocation did not give it. InvocationDoesNotExist.`,
        },
        {
          ...{ provenance: 's3', state: 'queued', gaveUpAt: null },
          reason: 'Queued: 2 tries failed, and a pass will ask S3 again. The service was busy.',
        },
      ],
    });
    expect(await api.json(at('waiting', '?asOf=2026-03-02'))).toMatchObject({ unfetchedOutputs: [] });
    expect(await api.json(at('several', '?asOf=2026-03-01T11:59:59Z'))).toMatchObject({ fullOutputs: [] });
  });
});

describe('GET the text of an output', () => {
  it('sends exactly what came, as text that no browser runs, from the place that is asked or else the longest', async () => {
    const path = at('several', '/steps/0/outputs/stdout');
    expect(String(await textAt(`${path}?provenance=get`))).toBe(HOSTILE);
    expect(String(await textAt(path))).toBe(`${HOSTILE}, and more`);
    expect(String(await textAt(at('several', '/steps/0/outputs/stderr')))).toBe('');
    const { headers } = await api.ask(path);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(headers.get('cache-control')).toBe('private, no-cache');
  });

  it('sends what the listing showed as "output", with provenance list or without', async () => {
    expect(String(await textAt(at('several', '/steps/0/outputs/output')))).toBe(CUT);
    expect(String(await textAt(at('small', '/steps/0/outputs/output?provenance=list')))).toBe('all of it\n');
  });

  it('sends UTF-16 and what is neither UTF-8 nor UTF-16 as a text in UTF-8', async () => {
    expect(String(await textAt(at('utf16', '/steps/0/outputs/stdout')))).toBe('\ufeffZugriff verweigert: ä\r\n');
    expect(String(await textAt(at('utf16', '/steps/0/outputs/stderr')))).toBe('F\u00fc\u00ff\0\n');
  });

  it('sends 30 MB in pieces, whose reader may go away, and has its row in the access log', async () => {
    const path = at('large', '/steps/0/outputs/stdout');
    expect((await textAt(path)).equals(LARGE)).toBe(true);
    expect(api.accessRows()[0]).toMatchObject({
      path,
      rows: 1,
      bytes: LARGE.length,
      outcome: 'complete',
      caller: 'local',
    });
    const reader = (await api.app.request(path)).body?.getReader();
    const first = await reader?.read();
    expect(first?.value?.length).toBeLessThan(LARGE.length / 10);
    await reader?.cancel();
    expect(api.accessRows()[0]).toMatchObject({ path, outcome: 'aborted', bytes: first?.value?.length });
  });

  it('breaks off if the text is pruned while it is sent', async () => {
    await api.record([invocationOf('vanishing')]);
    const bytes = Buffer.from('y\n'.repeat(2_000_000));
    fetchedOf(api.db, { command: 'vanishing', provenance: 's3' }, [streamOf('stdout', bytes)]);
    const reader = (await api.app.request(at('vanishing', '/steps/0/outputs/stdout'))).body?.getReader();
    await reader?.read();
    api.db.sqlite.pragma('foreign_keys = OFF');
    api.db.sqlite.prepare('DELETE FROM outputs WHERE size_bytes = ?').run(bytes.length);
    api.db.sqlite.pragma('foreign_keys = ON');
    await expect(reader?.read()).rejects.toThrow('was pruned while it was sent');
  });

  it('answers HEAD without a body, and 304 to a client that has the text', async () => {
    const path = at('large', '/steps/0/outputs/stdout');
    const head = await api.ask(path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const etag = head.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    const known = await api.ask(path, { headers: { 'if-none-match': etag } });
    expect([known.status, await known.text()]).toEqual([304, '']);
  });

  it('says of what it does not have whether that was fetched, is queued, was pruned, or is no step', async () => {
    const detail = async (path: string, status = 404) => (await api.problem(path, status)).detail;
    expect(await detail(at('nowhere', '/steps/0/outputs/stdout'))).toContain(
      'The archive has no step 0 of command nowhere',
    );
    expect(await detail(at('small', '/steps/7/outputs/stdout'))).toContain('Steps are counted from 0');
    expect(await detail(at('small', '/steps/7/outputs/output'))).toContain('Steps are counted from 0');
    expect(await detail(at('uncut', '/steps/0/outputs/stdout'))).toMatch(/^Nothing was fetched of stdout of step 0/);
    expect(await detail(at('waiting', '/steps/0/outputs/stderr'))).toContain('Queued: 2 tries failed');
    expect(await detail(at('several', '/steps/0/outputs/stderr?provenance=s3'))).toContain(
      'Nothing was fetched from s3',
    );
  });

  it('names a parameter that is wrong, and what is right', async () => {
    const faults = async (rest: string) => faultsOf(await api.problem(at('several', `/steps/${rest}`), 400));
    expect(await faults('0/outputs/stdout?provenance=ftp')).toEqual({
      provenance: 'must be given once, and be list, get, logs, s3',
    });
    expect(await faults('0/outputs/stdout?provenance=list')).toEqual({
      provenance: 'the listing has both streams in one: ask for outputs/output',
    });
    expect(await faults('0/outputs/output?provenance=s3')).toHaveProperty('provenance');
    expect(await faults('0/outputs/stdin')).toEqual({ stream: 'must be output, stdout, stderr' });
    expect(await faults('x/outputs/stdout')).toHaveProperty('position');
    expect(await faults('0/outputs/stdout?from=1')).toHaveProperty('from');
  });
});
