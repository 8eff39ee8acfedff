/** A fenced block of SQL on a page. */
export interface SqlBlock {
  /** The heading above the block. */
  heading: string;
  sql: string;
  /** The values after "With" above the block, as `name=value`. */
  parameters: Record<string, string>;
  /** The header of the table below the block, if that is the answer to a question. */
  columns: string[] | undefined;
  /** The tables that the page says the query reads in full ("Reads all of"). */
  readsAllOf: string[];
}

/** The blocks of SQL of a page, in order. The sentences about a block are between its heading and the block. */
export function sqlBlocks(page: string): SqlBlock[] {
  return page.split(/^(?=##+ )/m).flatMap((section) => {
    const [heading = ''] = section.replace(/^#+ /, '').split('\n');
    // A line may end anywhere within a sentence.
    const prose = section.split('\n\n').map((text) => text.replaceAll('\n', ' '));
    const said = (begin: string) => prose.filter((text) => text.includes(begin)).join(' ');
    const with_ = prose.filter((text) => text.startsWith('With ')).join(' ');
    const [, tables = ''] = /Reads all of ((?:`\w+`(?: and )?)+)/.exec(said('Reads all of')) ?? [];
    return [...section.matchAll(/^```sql\n([\s\S]*?)^```\n(?:\n(\|.*\|)\n\| ---)?/gm)].map(([, sql = '', header]) => ({
      heading,
      sql,
      parameters: Object.fromEntries(
        [...with_.matchAll(/`(\w+)=([^`]*)`/g)].map(([, name = '', value = '']) => [name, value]),
      ),
      columns: header
        ?.split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
      readsAllOf: [...tables.matchAll(/\w+/g)].map(([name]) => name).filter((name) => name !== 'and'),
    }));
  });
}
