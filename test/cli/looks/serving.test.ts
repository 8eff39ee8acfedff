import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/lib/time.ts';
import { start, startSetting } from '../../end-to-end/run-cli.ts';
import { knowTests } from '../../on-test-end.ts';
import { until } from '../../until.ts';
import { onTerminal } from './on-terminal.ts';

knowTests();

/** Splits all lines into JSON objects and other lines. */
function sorted(text: string): { json: Record<string, unknown>[]; others: string[] } {
  const json: Record<string, unknown>[] = [];
  const others: string[] = [];
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    try {
      if (!line.startsWith('{')) throw new Error('The line is not an object.');
      json.push(JSON.parse(line));
    } catch {
      others.push(line);
    }
  }
  return { json, others };
}

/** Makes each process of the call behave like Node, a library or a crash that writes to standard error. */
const NOISE = `
const program = process.argv[1] ?? '';
setTimeout(() => {
  process.emitWarning('a warning of Node');
  console.warn('a word of a library');
}, 500);
if (/collector/.test(program)) process._rawDebug('the last words of a process');
if (/collector/.test(program)) setTimeout(() => process.abort(), 1500);
`;

async function service(options: Parameters<typeof startSetting>[0] = {}) {
  const setting = await startSetting({ invocations: 300, ...options });
  Object.assign(setting.env, { SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_SCHEDULE: '*/30 * * * *' });
  return setting;
}

describe.runIf(process.platform === 'linux')('`serve` on a terminal', { concurrent: true }, () => {
  it('says where to open the console, with which token, how the first pass goes, when the next one is, and what Ctrl-C does', async () => {
    const { folder, env, archive } = await service({ faults: { slowRate: 1, slowMs: 300 } });
    const terminal = onTerminal(['serve'], { folder, columns: 80, env: { ...env, SSM_ARCHIVE_NONSENSE: 'x' } });
    await terminal.shows(/Open {7}http:\/\/127\.0\.0\.1:\d+\//);
    await terminal.shows(/Token {6}none is needed/);
    await terminal.shows(`Archive    ${archive}`);
    await terminal.shows('Warning: SSM_ARCHIVE_NONSENSE is not a setting');
    // The display shows that the pass is at work while it waits for replies.
    await terminal.shows('Collecting for 1s.');
    await terminal.shows(/default 111122223333 eu-west-1: +\d+ %, \d+ rows/);
    await terminal.shows(
      /Pass 1 is complete: \d+ new invocations\. The next pass is at \d{4}-\d\d-\d\d \d\d:(00|30) UTC, in /,
    );
    terminal.interrupt();
    expect(await terminal.ended).toBe(0);
    expect(terminal.text()).toMatch(/Stopping after the replies in flight.*Press Ctrl-C again to end at once\./);
    expect(sorted(terminal.text()).json).toEqual([]);
  });

  it('says at which address to sign in if there is a token, and that other machines can reach the server', async () => {
    const { folder, env } = await service();
    const asked = { ...env, SSM_ARCHIVE_HOST: '0.0.0.0' };
    const refused = onTerminal(['serve'], { folder, columns: 80, env: asked });
    expect(await refused.ended).toBe(2);
    expect(refused.text()).toContain('Others can reach 0.0.0.0');
    const made = onTerminal(['token', 'create', '--name', 'me', '--role', 'operator'], { folder, columns: 80, env });
    expect(await made.ended).toBe(0);
    const terminal = onTerminal(['serve'], { folder, columns: 80, env: { ...asked, SSM_ARCHIVE_HOST: '127.0.0.1' } });
    await terminal.shows(/Token {6}needed: sign in with one at http:\/\/127\.0\.0\.1:\d+\/login/);
    terminal.interrupt();
    expect(await terminal.ended).toBe(0);
  });

  it('writes only JSON if SSM_ARCHIVE_LOG says so', async () => {
    const { folder, env } = await service();
    const terminal = onTerminal(['serve'], { folder, columns: 80, env: { ...env, SSM_ARCHIVE_LOG: 'json' } });
    await terminal.shows('"msg":"Collected."');
    terminal.interrupt();
    expect(await terminal.ended).toBe(0);
    expect(sorted(terminal.text().replace('^C', '')).others).toEqual([]);
  });
});

describe.concurrent('`serve` without a terminal', () => {
  it('writes every line as JSON, including warnings of Node and libraries, and the last words of a process that crashed', async () => {
    const setting = await service({ faults: { slowRate: 1, slowMs: 1000 } });
    const preload = join(setting.folder, 'noise.cjs');
    writeFileSync(preload, NOISE);
    Object.assign(setting.env, { NODE_OPTIONS: `--require ${preload}`, SSM_ARCHIVE_NONSENSE: 'x' });
    const { child, ended, errors } = start(setting, ['serve']);
    await until(() => errors().includes('ended early'));
    child.kill('SIGTERM');
    const { code, out } = await ended;
    const { json, others } = sorted(errors());
    expect([code, out, others]).toEqual([0, '', []]);
    const said = json.map(({ msg }) => msg);
    for (const words of [
      ...['Warning: a warning of Node', 'a word of a library', 'the last words of a process'],
      ...[
        'SSM_ARCHIVE_NONSENSE is not a setting of ssm-archive and has no effect.',
        'Stopping after the replies in flight.',
      ],
    ])
      expect(said).toContain(words);
  });

  it.each<[string, string[], Record<string, string>, string]>([
    ['a configuration that is refused', [], { SSM_ARCHIVE_PORT: 'x' }, 'SSM_ARCHIVE_PORT'],
    ['a call that is refused', ['--nonsense'], {}, "error: unknown option '--nonsense'"],
    ['an address that others can reach', [], { SSM_ARCHIVE_HOST: '0.0.0.0' }, 'there is no token yet to keep them out'],
    [
      'an address that others can reach, while the log level is silent',
      [],
      { SSM_ARCHIVE_HOST: '0.0.0.0', SSM_ARCHIVE_LOG_LEVEL: 'silent' },
      'Others can reach',
    ],
  ])('writes as JSON why it does not start: %s', async (_, args, env, words) => {
    const setting = await service();
    Object.assign(setting.env, env);
    const { code, err } = await start(setting, ['serve', ...args]).ended;
    const { json, others } = sorted(err);
    expect([code, others]).toEqual([2, []]);
    expect(json).toContainEqual(expect.objectContaining({ level: 50, msg: expect.stringContaining(words) }));
  });

  it('writes sentences if SSM_ARCHIVE_LOG is text', async () => {
    const setting = await service();
    Object.assign(setting.env, { SSM_ARCHIVE_LOG: 'text' });
    const { child, ended, errors } = start(setting, ['serve']);
    await until(() => /Pass 1 is complete/.test(errors()));
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    expect(errors()).toContain('A pass has begun');
    expect(sorted(errors()).json).toEqual([]);
  });

  it('accepts only json, text and auto in SSM_ARCHIVE_LOG', async () => {
    const setting = await service();
    Object.assign(setting.env, { SSM_ARCHIVE_LOG: 'xml' });
    const { code, err } = await start(setting, ['status']).ended;
    expect([code, err]).toEqual([2, expect.stringContaining('SSM_ARCHIVE_LOG: must be auto, json or text, not "xml"')]);
  });
});

describe.concurrent('`ingest`', () => {
  it.runIf(process.platform === 'linux')('writes sentences and no JSON above its progress on a terminal', async () => {
    const { folder, env } = await service({
      faults: { slowRate: 1, slowMs: 100 },
    });
    // An older invocation is about to be forgotten, and the pass warns of it.
    const recent = new Date(Date.now() - 2 * DAY_MS).toISOString();
    const terminal = onTerminal(['ingest', '--from', recent], { folder, columns: 80, env });
    expect(await terminal.ended).toBe(0);
    expect(terminal.text()).toContain(
      'Warning: 111122223333 eu-west-1: Within 72 hours, the service forgets invocations',
    );
    expect(sorted(terminal.text()).json).toEqual([]);
  });

  it('writes sentences without a terminal too, or only JSON if SSM_ARCHIVE_LOG says so', async () => {
    const setting = await service();
    const plain = await start(setting, ['ingest']).ended;
    expect([plain.code, sorted(plain.err).json]).toEqual([0, []]);
    Object.assign(setting.env, { SSM_ARCHIVE_LOG: 'json' });
    const logged = await start(setting, ['ingest']).ended;
    expect([logged.code, sorted(logged.err).others]).toEqual([0, []]);
    expect(logged.out).toContain('Pass 2 is complete');
  });
});

it.runIf(process.platform === 'linux')(
  '`demo` on a terminal prints its address and how to stop it, and no JSON',
  { concurrent: true },
  async () => {
    const { folder } = await service();
    const terminal = onTerminal(['demo', '--invocations', '500'], {
      folder,
      columns: 80,
      env: { SSM_ARCHIVE_PORT: '0' },
    });
    await terminal.shows(/Open {7}http:\/\/127\.0\.0\.1:\d+\//);
    await terminal.shows(/The next pass is at/);
    terminal.interrupt();
    expect(await terminal.ended).toBe(0);
    expect(terminal.text()).toContain('Ctrl-C ends the demo.');
    expect(terminal.text()).toContain('Stopping after the replies in flight.');
    expect(sorted(terminal.text()).json).toEqual([]);
  },
);
