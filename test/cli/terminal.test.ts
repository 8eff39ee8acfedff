import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { joined, plain, styled, withoutEnd } from '../../src/cli/text/line.ts';
import { errorLines } from '../../src/lib/errors/error-lines.ts';
import { packed, repacked, unpacked } from '../archive/evidence/pack-trial.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { capturedTerminal } from './captured-terminal.ts';
import { writeHostileArchive } from './hostile/hostile-archive.ts';
import { startHostileService } from './hostile/hostile-service.ts';
import { expectHarmless, PLANT, showsPlant } from './hostile/plant.ts';
import { bareEnvironment, CLI, type CliResult, runCli } from './run-cli.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(PLANT));
const bytesOf = (text: string) => [Buffer.from(text)];

describe('a terminal', () => {
  it('gets no text that controls it, and exactly one line for each text, whatever the text contains', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1 }), (texts) => {
        const { terminal, out, err } = capturedTerminal();
        terminal.out(texts);
        terminal.note(texts);
        for (const text of [out(), err()]) {
          expectHarmless(text);
          expect(text.split('\n')).toHaveLength(texts.length + 1);
        }
      }),
    );
  });

  it('gets colours only from the program’s own styles, and never from the text that has a style', () => {
    const { terminal, out } = capturedTerminal({ isTTY: true });
    terminal.out([joined(styled('red', `NOT ${PLANT}`), '  ', PLANT), styled('dim', joined('a', styled('red', 'b')))]);
    const [first = '', second] = out().split('\n');
    expect(first.slice(0, 9)).toBe('\x1b[31mNOT ');
    expectHarmless(first.replace('\x1b[31m', '').replace('\x1b[39m', ''));
    expect(second).toBe('\x1b[2mab\x1b[22m');
  });

  it('gets no raw control characters in lines that are drawn in place', () => {
    const { terminal, err } = capturedTerminal({ isTTY: true });
    terminal.draw([PLANT, 'b']);
    terminal.drawn();
    expectHarmless(withoutOwn(err()));
    expect(err()).toContain('\\x1b[1A\\x1b[2K');
  });

  it('gets JSON without control characters that has the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), anyText, (value, text) => {
        const { terminal, out } = capturedTerminal();
        terminal.json({ value, [text]: text });
        expectHarmless(out());
        expect(JSON.parse(out())).toEqual(JSON.parse(JSON.stringify({ value, [text]: text })));
      }),
    );
  });

  it('gets data in which everything is visible, while a file or a pipe gets it byte for byte', async () => {
    const csv = `a,"${PLANT}"\r\n\x1b[2J,"x\n"\r\n`;
    const shown = capturedTerminal({ isTTY: true });
    await shown.terminal.data(bytesOf(csv), 'csv');
    expectHarmless(shown.out());
    expect(shown.out().split('\n')).toHaveLength(3);
    const piped = capturedTerminal();
    await piped.terminal.data([...bytesOf(csv), Buffer.of(0xff, 0x00)], 'csv');
    expect(Buffer.from(piped.out())).toEqual(Buffer.from(`${csv}\ufffd\0`));
    const ndjson = capturedTerminal({ isTTY: true });
    await ndjson.terminal.data(bytesOf(`{"a":"\u009b\u202e"}\n`), 'ndjson');
    expect(ndjson.out()).toBe('{"a":"\\u009b\\u202e"}\n');
  });

  it('accepts lines one by one while they are being made, however many there are', async () => {
    const { terminal, out } = capturedTerminal();
    await terminal.outEach(Array.from({ length: 20_000 }, (_, n) => `${n} ${PLANT}`));
    expectHarmless(out());
    expect(out().split('\n')).toHaveLength(20_001);
  });
});

describe('a line', () => {
  it('ends without its padding, unless the padding has a style', () => {
    expect(plain(withoutEnd(joined('a ', '  ', styled('dim', ''))))).toBe('a   ');
    expect(plain(withoutEnd(joined('a ', '  ')))).toBe('a');
    expect(withoutEnd(joined(' ', '')).parts).toEqual([]);
  });
});

describe('an error that nobody expected', () => {
  it('is shown with its message and with the place where it was thrown', () => {
    const [said, ...frames] = errorLines(new TypeError(PLANT));
    expect(said).toBe(`TypeError: ${PLANT}`);
    expect(frames.length).toBeGreaterThan(1);
    for (const frame of frames) expect(frame).toMatch(/^ {4}at \S/);
    const [own, ...others] = errorLines(new Error('a\n    at somewhere else'));
    expect(own).toBe('Error: a\n    at somewhere else');
    expect(others).not.toContain('    at somewhere else');
    expect(errorLines(PLANT)).toEqual([PLANT]);
  });
});

describe('data that goes into a file or a pipe', () => {
  it.each(['csv', 'ndjson'])('equals what was stored, byte for byte: %s', async (format) => {
    const folder = tempFolder();
    writeHostileArchive(join(folder, 'data', 'archive.db'));
    const sql = 'SELECT comment FROM invocations';
    const { stdout } = await runCli(folder, ['sql', '--format', format, ...(format === 'csv' ? ['--raw'] : []), sql]);
    const cell = `"${PLANT}"`;
    expect(stdout).toBe(format === 'csv' ? `comment\r\n${cell}\r\n` : `{"comment":${JSON.stringify(PLANT)}}\n`);
  });

  it('includes a certificate whose signature is still valid', async () => {
    const folder = tempFolder();
    writeHostileArchive(join(folder, 'data', 'archive.db'));
    const { stdout } = await runCli(folder, ['coverage', '--certificate']);
    const [header, certificate = ''] = stdout.split('\n');
    expect(header).toBe('ssm-archive/coverage-certificate v1');
    // RFC 8785 leaves these characters as they are, and the signature is over them.
    expect(certificate).toContain('\u202e\u2066');
    expect(stdout).toMatch(/\n\n— ssm-archive\/[0-9a-f]{16} \S+\n$/);
  });
});

/** Removes everything that this program itself does to a terminal: colours, and the redrawing of lines. */
function withoutOwn(shown: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are the program's own
  return shown.replaceAll('\r\n', '\n').replace(/\x1b\[(1m|2m|22m|31m|32m|33m|39m|\?25[lh]|\?2026[lh]|2K|1A|G)/g, '');
}

// On other systems, the program `script` takes other options.
describe.runIf(process.platform === 'linux')('a terminal with colours', () => {
  /**
   * Runs a call on a terminal of its own, of 100 columns. Its arguments are passed as variables, so a shell does not
   * interpret them.
   */
  function onTerminal(folder: string, args: string[], env: Record<string, string> = {}): Promise<CliResult> {
    const words = Object.fromEntries([process.execPath, CLI, ...args].map((word, n) => [`WORD${n}`, word]));
    const command = `stty cols 100 rows 40; exec ${Object.keys(words)
      .map((name) => `"$${name}"`)
      .join(' ')}`;
    const options = { cwd: folder, env: { ...bareEnvironment(folder), ...env, ...words, TERM: 'xterm-256color' } };
    return new Promise((resolve) => {
      const child = execFile('script', ['-qefc', command, '/dev/null'], options, (error, stdout, stderr) =>
        resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr }),
      );
      child.stdin?.end();
    });
  }

  it('shows a pack as not genuine, in red, even if a file name in it says that it is genuine', async () => {
    const folder = await unpacked((await packed()).pack);
    writeFileSync(join(folder, PLANT), '');
    const { exitCode, stdout } = await onTerminal(tempFolder(), ['verify', await repacked(folder)]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('\x1b[31mNOT GENUINE\x1b[39m  /');
    expect(stdout).toContain('First        \\x1b[1A\\x1b[2K\\x1b[32mGENUINE\\x1b[0m');
    expect(stdout).not.toContain('\x1b[32m');
    expectHarmless(withoutOwn(stdout));
  });

  it.each([
    ['status', []],
    ['coverage', []],
    ['coverage', ['--certificate']],
    ['doctor', []],
    ['sql', ['SELECT comment, id FROM invocations']],
    ['sql', ['--format', 'csv', '--raw', 'SELECT comment, id FROM invocations']],
    ['sql', ['--format', 'ndjson', 'SELECT comment, id FROM invocations']],
  ])('is not controlled by stored text in %s %j', async (command, args) => {
    const folder = join(tempFolder(), PLANT);
    writeHostileArchive(join(folder, 'data', 'archive.db'));
    const { stdout } = await onTerminal(folder, [command, ...args]);
    expectHarmless(withoutOwn(stdout));
    expect(showsPlant({ stdout, stderr: '' })).toBe(true);
  });

  it('is not controlled by text from a source while progress is drawn', async () => {
    const service = await startHostileService();
    onTestFinished(() => service.close());
    const folder = tempFolder();
    const source = { alias: PLANT, regions: ['eu-west-1'] };
    writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ sources: [source] }));
    const credentials = { AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any', SSM_ARCHIVE_LOG_LEVEL: 'silent' };
    const env = { ...credentials, AWS_ENDPOINT_URL: `${service.url}/lists/` };
    const { stdout } = await onTerminal(folder, ['ingest'], env);
    expect(stdout).toContain('\x1b[?25l');
    expectHarmless(withoutOwn(stdout));
    expect(showsPlant({ stdout, stderr: '' })).toBe(true);
  });
});
