import { expect, it } from 'vitest';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { secretLookingOutputs } from '../../../src/archive/reports/secret-looking-outputs.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { page, rawInvocation, rawPlugin } from '../raw-invocation.ts';
import { ask } from './report-trial.ts';

const SPAN = { from: '2026-02-01', to: '2026-04-01' };
const TEXT = 'line one\r\nPassword: hunter22\r\nAKIAIOSFODNN7EXAMPLE\r\n';

it('secret-looking-outputs finds secrets in outputs that were written as UTF-16, with or without a byte order mark, even if only partly', () => {
  const utf16 = Buffer.from(TEXT, 'utf16le');
  const outputs = [
    utf16.toString(),
    Buffer.concat([Buffer.of(0xff, 0xfe), utf16]).toString(),
    `plain\n${utf16}`,
    Buffer.from(TEXT, 'utf16le').swap16().toString(),
    TEXT,
  ];
  const { sqlite } = tempArchive();
  createSingleReplyRecorder(sqlite)(
    page(outputs.map((Output, n) => rawInvocation({ CommandId: `c-${n}`, CommandPlugins: [rawPlugin({ Output })] }))),
  );
  const rows = ask(sqlite.name, secretLookingOutputs, SPAN);
  const found = (n: number) =>
    rows.filter((row) => row.command_id === `c-${n}`).map((row) => [row.kind, row.line, row.shown]);
  const expected = (line: number) => [
    ['password', line, 'Password…'],
    ['AWS access key id', line + 1, 'AKIA…'],
  ];
  for (const n of [0, 1, 3, 4]) expect(found(n), outputs[n]).toEqual(expected(2));
  expect(found(2)).toEqual(expected(3));
  expect(JSON.stringify(rows)).not.toMatch(/hunter|IOSF/);
});
