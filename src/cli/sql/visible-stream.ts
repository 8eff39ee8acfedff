import { visibleJson, visibleText } from '../../lib/visible-text.ts';

/** A download as a terminal may have it: line ends stay, and all else that is unseen is made visible. */
export async function* visibleStream(chunks: AsyncIterable<Uint8Array>, format: 'csv' | 'ndjson') {
  const decoder = new TextDecoder();
  let kept = '';
  for await (const chunk of chunks) {
    const text = kept + decoder.decode(chunk, { stream: true });
    // The line end may go on in the next chunk.
    kept = text.endsWith('\r') ? '\r' : '';
    yield visibleLines(text.slice(0, text.length - kept.length), format);
  }
  yield visibleLines(kept + decoder.decode(), format);
}

function visibleLines(text: string, format: 'csv' | 'ndjson'): string {
  if (format === 'ndjson') return visibleJson(text);
  return text.split(/\r?\n/).map(visibleText).join('\n');
}
