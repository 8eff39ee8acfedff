/** What docs/schema.md says of one table, in Markdown: a sentence for it, and for each column and index by its name. */
export interface SchemaSection {
  description: string;
  columns: ReadonlyMap<string, string>;
  indexes: ReadonlyMap<string, string>;
}

const COLUMNS = '| column | what it is |';
const INDEXES = '| index | what it serves |';
const ROW = /^\| `(\w+)` \| (.*\S) \|$/;

/**
 * The sections of docs/schema.md by the table or view that each is named for. A section is a `## name`, prose, which is
 * the description, and a Markdown table each of the columns and of the indexes; what else follows is for readers of the
 * page alone.
 */
export function parseSchemaPage(page: string): ReadonlyMap<string, SchemaSection> {
  const [, ...sections] = page.split(/^## /m);
  return new Map(
    sections.map((section) => {
      const [name = '', ...lines] = section.split('\n').map((line) => line.trim());
      const firstTable = lines.findIndex((line) => line.startsWith('|'));
      const prose = firstTable < 0 ? lines : lines.slice(0, firstTable);
      const description = prose.filter((line) => line !== '').join(' ');
      return [name, { description, columns: rowsUnder(lines, COLUMNS), indexes: rowsUnder(lines, INDEXES) }];
    }),
  );
}

function rowsUnder(lines: readonly string[], header: string): ReadonlyMap<string, string> {
  const rows = new Map<string, string>();
  const start = lines.indexOf(header);
  if (start < 0) return rows;
  for (const line of lines.slice(start + 2)) {
    const [, name, sentence] = ROW.exec(line) ?? [];
    if (name === undefined || sentence === undefined) break;
    rows.set(name, sentence);
  }
  return rows;
}
