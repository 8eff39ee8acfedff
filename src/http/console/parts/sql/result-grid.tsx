import type { FileFormat } from '../../../../lib/media-types.ts';
import { visibleText } from '../../../../lib/text/visible-text.ts';
import { sayLake } from '../../../../questions/say-lake.ts';
import { cellText, isNull, numericColumns, type SqlAnswer } from '../../../../questions/sql/sql-answer.ts';
import { type SqlEngine, USUAL_ENGINE } from '../../../../questions/sql/sql-engine.ts';
import { WholeFrom } from '../sealed/whole-from.tsx';
import { createCellLinks } from './cell-links.ts';
import { CsvLinks } from './csv-links.tsx';

/** The addresses of an answer as a file, one for each format. */
export type DownloadLinks = Readonly<Record<'csv' | 'ndjson' | 'json' | FileFormat, string>>;

/** A cell shows this many characters of a text. A click shows the rest. */
const MOST_SHOWN = 160;

/** A text that is longer than this may be broken into lines. */
const MOST_IN_A_LINE = 48;

/** With more cells than this, a browser needs seconds to lay out the table. */
const MOST_CELLS = 20_000;

/**
 * The rows of an answer, how many they are, how long the query took, and links to all rows as files. Both the server
 * and the script of the page use this component, so everything that it imports must run in both.
 */
export function QueryResult({ answer, downloads }: { answer: SqlAnswer; downloads: DownloadLinks }) {
  const shown = Math.min(answer.rows.length, Math.max(1, Math.floor(MOST_CELLS / answer.names.length)));
  return (
    <section id="result" aria-label="Result">
      <p class="bar" data-summary>
        <strong>{summaryOf(answer)}</strong>
        <span class="quiet">All of it as</span>
        <CsvLinks path={downloads.csv} />
        <a href={downloads.ndjson}>NDJSON</a>
        <a href={downloads.json}>JSON</a>
        <a href={downloads.parquet}>Parquet</a>
        <a href={downloads.arrow}>Arrow</a>
      </p>
      <WholeFrom day={answer.wholeFrom} />
      {answer.lake && <p class="note">{sayLake(answer.lake)}</p>}
      {(answer.isTruncated || shown < answer.rows.length) && (
        <p class="note">Truncated at {rowsText(shown)}: there are more. The files have all of them.</p>
      )}
      {answer.names.length > 0 && <Grid answer={{ ...answer, rows: answer.rows.slice(0, shown) }} />}
    </section>
  );
}

/** Says how many rows were found in which time, for example: 1 row in 3 ms. */
export function summaryOf({ rows, elapsedMs }: Pick<SqlAnswer, 'rows' | 'elapsedMs'>): string {
  return `${rowsText(rows.length)} in ${Math.ceil(elapsedMs).toLocaleString('en-US')} ms`;
}

function rowsText(n: number): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? 'row' : 'rows'}`;
}

/** The addresses at which the API answers the whole query. */
export function downloadsOfSql(
  sql: string,
  params: Readonly<Record<string, unknown>>,
  engine: SqlEngine,
): DownloadLinks {
  const query = new URLSearchParams({
    ...{ sql, ...(engine !== USUAL_ENGINE && { engine }) },
    ...(Object.keys(params).length > 0 && { params: JSON.stringify(params) }),
  });
  const path = `/v1/sql?${query}`;
  const as = (format: string) => `${path}&format=${format}`;
  return { csv: as('csv'), ndjson: as('ndjson'), json: path, parquet: as('parquet'), arrow: as('arrow') };
}

function Grid({ answer }: { answer: SqlAnswer }) {
  const isNumeric = numericColumns(answer);
  const linkOf = createCellLinks(answer.names);
  return (
    // People must be able to reach a scrolling region with the keyboard.
    <section class="wide high" tabindex={0} aria-label="Rows">
      <table class="result" data-grid>
        <thead>
          <tr>
            {answer.names.map((name, i) => (
              <th scope="col" class={isNumeric[i] ? 'number' : undefined}>
                {visibleText(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.rows.map((row) => (
            <tr>
              {row.map((cell, i) => (
                <td class={isNumeric[i] ? 'number' : cell.length > MOST_IN_A_LINE ? 'wraps' : undefined}>
                  <Cell cell={cell} href={linkOf(row, i)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Measures the value as JSON. Its escapes make the text longer, but the limit need not be exact. */
function isLong(cell: string): boolean {
  return cell.length > MOST_SHOWN;
}

/**
 * The content of a cell. NULL is a word in italics, and an empty text shows nothing. A long text is cut, and a click
 * shows all of it.
 */
function Cell({ cell, href }: { cell: string; href: string | undefined }) {
  if (isNull(cell)) return <em class="null">NULL</em>;
  const text = cellText(cell);
  if (href !== undefined) return <a href={href}>{visibleText(text)}</a>;
  if (!isLong(cell)) return <>{visibleText(text)}</>;
  return (
    <details>
      <summary>{visibleText(text.slice(0, MOST_SHOWN).toWellFormed())}…</summary>
      <pre class="output" tabindex={0}>
        {text.split('\n').map(visibleText).join('\n')}
      </pre>
    </details>
  );
}
