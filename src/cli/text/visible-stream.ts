import { visibleJson, visibleText } from '../../lib/text/visible-text.ts';

/**
 * Forms of data that goes to standard output for other programs: CSV, or lines of JSON. On a terminal the line ends
 * between records stay, and every other invisible character is made visible. Nothing makes binary data readable there.
 */
export type DataForm = 'csv' | 'ndjson' | 'binary';

/** Chunks of bytes. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Returns the data in a form that is safe for a terminal. JSON keeps its value. In CSV, a line end within quotes is
 * made visible, so it does not begin a new line.
 */
export async function* visibleStream(chunks: Chunks, form: Exclude<DataForm, 'binary'>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const visible = form === 'csv' ? createCsvView() : visibleJson;
  let kept = '';
  for await (const chunk of chunks) {
    const text = kept + decoder.decode(chunk, { stream: true });
    // The LF of a CR LF may be in the next chunk.
    kept = text.endsWith('\r') ? '\r' : '';
    yield visible(text.slice(0, text.length - kept.length));
  }
  yield visible(kept + decoder.decode());
}

/** Each quote begins or ends a quoted part: a doubled quote within a cell ends one part and begins the next. */
function createCsvView(): (text: string) => string {
  let isQuoted = false;
  return (text) =>
    text
      .split('"')
      .map((part, i) => {
        if (i > 0) isQuoted = !isQuoted;
        return isQuoted ? visibleText(part) : part.split(/\r?\n/).map(visibleText).join('\n');
      })
      .join('"');
}
