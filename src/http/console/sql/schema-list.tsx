import type { TableDescription } from '../../../archive/file/describe-schema.ts';
import { WholeFrom } from '../parts/sealed/whole-from.tsx';
import { count } from '../parts/values/values.tsx';

/**
 * Tables and columns, with a description of each. The page's script reads the names for completion from the attributes
 * `data-table` and `data-column`.
 */
export function SchemaList({
  title,
  tables,
  wholeFrom,
}: {
  title: string;
  tables: readonly TableDescription[];
  wholeFrom: string | undefined;
}) {
  return (
    <details class="schema" data-schema>
      <summary>{title}</summary>
      <WholeFrom day={wholeFrom} what="What SQL can read" />
      {tables.map(({ name, description, estimatedRows, columns }) => (
        <details data-table={name}>
          <summary>
            <code>{name}</code> {estimatedRows !== null && <span class="quiet">at most {count(estimatedRows)}</span>}
          </summary>
          <p>{plainOf(description)}</p>
          <ul>
            {columns.map((column) => (
              <li data-column={column.name} data-type={column.type}>
                <code>{column.name}</code>{' '}
                <span class="quiet">
                  {column.type.toLowerCase()}
                  {column.description !== '' && `${column.type === '' ? '' : ': '}${plainOf(column.description)}`}
                </span>
              </li>
            ))}
          </ul>
        </details>
      ))}
      {tables.some(({ estimatedRows }) => estimatedRows !== null) && (
        <p class="quiet">The number is the highest row number: an upper bound of how many rows there are.</p>
      )}
    </details>
  );
}

/** A sentence from docs/schema.md, without its Markdown. */
function plainOf(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
}
