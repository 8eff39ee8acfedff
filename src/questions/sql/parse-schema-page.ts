/**
 * The section of docs/schema.md about one table, in Markdown: its description, and a sentence for each column and index
 * by name.
 */
export interface SchemaSection {
  description: string;
  columns: ReadonlyMap<string, string>;
  indexes: ReadonlyMap<string, string>;
}

const COLUMNS = '| column | what it is |';
const INDEXES = '| index | what it serves |';
const ROW = /^\| `(\w+)` \| (.*\S) \|$/;

/**
 * Returns the sections of docs/schema.md by the table or view that each describes. A section is a `## name`, the
 * description, and a Markdown table for the columns and one for the indexes. Text after the tables is ignored here.
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
