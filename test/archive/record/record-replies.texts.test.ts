import { createHash } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { openArchive } from '../../../src/db/open.ts';
import { rowsOf, tempArchive } from '../../db/temp-archive.ts';
import { page, rawInvocation, rawPlugin, rebuild, revisionsOf } from '../raw-invocation.ts';

function setUp() {
  const db = tempArchive();
  return { db, record: createSingleReplyRecorder(db.sqlite) };
}

describe('in the archive’s copy of a text,', () => {
  it.each([
    ['a NUL', 'before\u0000after'],
    ['emoji', '👩‍👩‍👧 🎉'],
    ['an escape sequence and CRLF', '\u001b[31mred\u001b[0m\r\n'],
    ['a right-to-left mark', 'abc\u202Edef'],
    ['2,500 bytes', 'é'.repeat(1250)],
    ['a text that looks like a digest', '{"sha256":"00"}'],
    ['an empty text', ''],
  ])('%s is the same in the columns, in the output, and in the state as the service sent it', (_what, text) => {
    const { db, record } = setUp();
    const raw = rawInvocation({ Comment: text, CommandPlugins: [rawPlugin({ Output: text })] });
    record(page([raw]));
    expect(rowsOf(db, 'plugin_runs')).toMatchObject([{ comment: text, output: text }]);
    expect(revisionsOf(db).map((revision) => rebuild(db, revision))).toEqual([raw]);
    const digest = createHash('sha256').update(text, 'utf8').digest();
    expect(rowsOf(db, 'outputs')).toMatchObject([{ sha256: digest, size_bytes: Buffer.byteLength(text) }]);
  });

  it('a lone surrogate in an output is exact in the state, and U+FFFD where only whole characters can be stored', () => {
    const { db, record } = setUp();
    const raw = rawInvocation({ Comment: 'a\ud800b', CommandPlugins: [rawPlugin({ Output: 'x\udc00y' })] });
    record(page([raw]));
    expect(rowsOf(db, 'plugin_runs')).toMatchObject([{ output: 'x\ufffdy' }]);
    const [revision] = revisionsOf(db);
    expect(revision?.json).toContain('"Comment":"a\\ud800b"');
    expect(revision?.json).toContain('"Output":"x\\udc00y"');
    expect(record(page([raw])).changed).toBe(0);
  });

  it('two lone surrogates that look alike as U+FFFD are still two states', () => {
    const { db, record } = setUp();
    for (const Output of ['\ud800', '\ud801', '\ufffd']) {
      record(page([rawInvocation({ CommandPlugins: [rawPlugin({ Output })] })]));
    }
    expect(revisionsOf(db)).toHaveLength(3);
    expect(rowsOf(db, 'outputs')).toHaveLength(1);
  });
});

describe('outputs', () => {
  it('are stored once, however many steps printed them', () => {
    const { db, record } = setUp();
    const CommandPlugins = [rawPlugin({ Output: 'same' }), rawPlugin({ Output: 'same' })];
    record(page(['i-a', 'i-b'].map((InstanceId) => rawInvocation({ InstanceId, CommandPlugins }))));
    expect(rowsOf(db, 'outputs')).toMatchObject([{ text: 'same' }]);
    expect(rowsOf(db, 'plugin_runs').map(({ output }) => output)).toEqual(['same', 'same', 'same', 'same']);
  });

  it('are stored once even if several recorders write to one file', () => {
    const { db, record } = setUp();
    record(page([rawInvocation({ InstanceId: 'i-a' })]));
    const other = openArchive(db.sqlite.name);
    onTestFinished(() => other.close());
    createSingleReplyRecorder(other.sqlite)(page([rawInvocation({ InstanceId: 'i-b' })]));
    expect(rowsOf(db, 'outputs')).toHaveLength(1);
    expect(rowsOf(db, 'plugin_runs').map(({ output }) => output)).toEqual(['done\n', 'done\n']);
  });

  it('are stored as an empty text if they are empty, and as NULL if they are absent', () => {
    const { db, record } = setUp();
    const { Output: _, ...silent } = rawPlugin();
    record(page([rawInvocation({ CommandPlugins: [rawPlugin({ Output: '' }), silent] })]));
    expect(rowsOf(db, 'plugin_runs').map(({ output }) => output)).toEqual(['', null]);
    expect(rowsOf(db, 'outputs')).toMatchObject([{ text: '', size_bytes: 0 }]);
  });

  it('stay if no step prints them any more, so that the states that name them can be rebuilt', () => {
    const { db, record } = setUp();
    const before = rawInvocation({ CommandPlugins: [rawPlugin({ Output: 'before' })] });
    record(page([before]));
    record(page([rawInvocation({ CommandPlugins: [rawPlugin({ Output: 'after' })] })]));
    const [first] = revisionsOf(db);
    expect(first && rebuild(db, first)).toEqual(before);
  });
});
