import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportList } from '../../../src/archive/exports/export-list.ts';
import { type ExportQuery, exportInvocations } from '../../../src/archive/invocations/export-invocations.ts';
import { listInvocations } from '../../../src/archive/invocations/list-invocations.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { parseCsv } from '../../lib/parse-csv.ts';
import { type Members, page, rawInvocation, rawPlugin } from '../raw-invocation.ts';

const BASE: ExportQuery = {
  filter: {},
  sort: 'requestedAt',
  isDescending: true,
  include: 'none',
  format: 'csv',
  csvForm: 'safe',
};

/** Returns all pushed text. Each chunk is copied, because the writer reuses its memory once `push` returns. */
function exportedText(write: (push: (chunk: Uint8Array) => void) => void): string {
  const chunks: Buffer[] = [];
  write((chunk) => chunks.push(Buffer.from(chunk)));
  return Buffer.concat(chunks).toString('utf8');
}

function archiveOf(raws: readonly Members[]) {
  const { sqlite } = tempArchive();
  const record = createSingleReplyRecorder(sqlite);
  record(page(raws.map((raw, n) => rawInvocation({ InstanceId: `i-${n}`, ...raw }))));
  const text = (query: Partial<ExportQuery> = {}) =>
    exportedText((push) => exportInvocations(sqlite, { ...BASE, ...query }, { push }));
  const list = (query: Partial<ExportQuery> = {}) => listInvocations(sqlite, { ...BASE, ...query, limit: 1000 }).items;
  return { sqlite, record, text, list };
}

const nasty = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', ',', '"', '\r', '\n', '=', '-', '\0', '＝', 'é', '🎉') }),
  fc.constantFrom('', '""', '"', '"a"', '"a",b', '=1', undefined),
);
const raw = fc.record({
  Comment: nasty,
  InstanceName: nasty,
  DocumentName: nasty,
  NotificationConfig: fc.record({ NotificationEvents: fc.array(nasty) }),
});

describe('an export', () => {
  it('has exactly the items of the list in NDJSON, whatever texts they contain', () => {
    fc.assert(
      fc.property(fc.array(raw, { maxLength: 5 }), (raws) => {
        const { text, list } = archiveOf(raws);
        const items = text({ format: 'ndjson' }).split('\n').slice(0, -1);
        expect(items.map((line) => JSON.parse(line))).toEqual(list());
        // If steps are included, the export reads page by page.
        const plugins = text({ format: 'ndjson', include: 'plugins' }).split('\n').slice(0, -1);
        expect(plugins.map((line) => JSON.parse(line))).toEqual(list({ include: 'plugins' }));
      }),
      { numRuns: 50 },
    );
  });

  it('has one line for each invocation in CSV, whether SQLite or this program writes the lines', () => {
    fc.assert(
      fc.property(fc.array(raw, { maxLength: 5 }), fc.boolean(), (raws, isRaw) => {
        const { text, list } = archiveOf(raws);
        const straight = text({ csvForm: isRaw ? 'raw' : 'safe' });
        expect(
          text({
            csvForm: isRaw ? 'raw' : 'safe',
            filter: { status: ['Success', 'Failed'] },
            asOf: '2027-01-01T00:00:00.000Z',
          }),
        ).toBe(straight);
        const [header = [], ...lines] = parseCsv(straight);
        expect(lines).toHaveLength(raws.length);
        const comments = list().map(({ comment }) => comment ?? '');
        const column = lines.map((cells) => cells[header.indexOf('comment')]);
        // None of these texts contains a line feed.
        expect(isRaw ? column : column.map((cell) => cell?.replaceAll("'", ''))).toEqual(comments);
      }),
      { numRuns: 100 },
    );
  });

  it('has one line for each step in CSV if steps are included, and one line for each invocation without steps', () => {
    const { text } = archiveOf([
      { CommandPlugins: [rawPlugin({ Name: 'a', Output: '=cmd' }), rawPlugin({ Name: 'b', Output: undefined })] },
      { CommandPlugins: [] },
    ]);
    const [header = [], ...lines] = parseCsv(text({ include: 'outputs' }));
    const cells = (name: string) => lines.map((line) => line[header.indexOf(name)]);
    expect(cells('instanceId')).toEqual(['i-1', 'i-0', 'i-0']);
    expect(cells('pluginName')).toEqual(['', 'a', 'b']);
    expect(cells('pluginOutput')).toEqual(['', "'=cmd", '']);
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([header.length]));
  });

  it('is only a header in CSV and empty in NDJSON if there are no rows', () => {
    const { text } = archiveOf([]);
    expect(text().split('\r\n')).toHaveLength(2);
    expect(text({ format: 'ndjson' })).toBe('');
  });

  it('has the states of a past time if that time is requested', () => {
    const { record, text } = archiveOf([{ Status: 'InProgress', StatusDetails: 'InProgress' }]);
    record(page([rawInvocation({ InstanceId: 'i-0' })], { observedAt: '2026-03-02T00:00:00.000Z' }));
    const line = text({ format: 'ndjson', asOf: '2026-03-01T23:00:00.000Z' });
    expect(JSON.parse(line)).toMatchObject({ status: 'InProgress' });
  });

  it('leaves no transaction open if its reader stops reading', () => {
    const { sqlite } = archiveOf([{}, {}]);
    const gone = () => {
      throw new Error('EPIPE');
    };
    expect(() => exportInvocations(sqlite, BASE, { push: gone })).toThrow('EPIPE');
    expect(sqlite.inTransaction).toBe(false);
  });

  it('has all items of every other kind of list', () => {
    const { sqlite } = archiveOf([...Array(1201).keys()].map((n) => ({ CommandId: `c-${n}` })));
    const text = exportedText((push) =>
      exportList(sqlite, { list: 'commands', query: {}, format: 'csv', csvForm: 'safe' }, { push }),
    );
    const [header, ...lines] = parseCsv(text);
    expect(header?.slice(0, 3)).toEqual(['accountId', 'region', 'commandId']);
    expect(new Set(lines.map((line) => line[2])).size).toBe(1201);
  });
});
