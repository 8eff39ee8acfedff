import { StringDecoder } from 'node:string_decoder';

/** Much more than a line needs: a state with all of its steps has a few kilobytes. One line at a time is in memory. */
const MOST_CHARACTERS = 64 * 1024 * 1024;

/** Splits a text at its line feeds. Text after the last line feed is a line too. Throws if a line is too long. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let begun: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoder
      .write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length))
      .split('\n');
    begun.push(first);
    length += first.length;
    if (length > MOST_CHARACTERS) throw new Error(`it has a line of more than ${MOST_CHARACTERS} characters`);
    const last = others.pop();
    if (last === undefined) continue;
    yield begun.join('');
    yield* others;
    begun = [last];
    length = last.length;
  }
  const rest = begun.join('') + decoder.end();
  if (rest !== '') yield rest;
}
