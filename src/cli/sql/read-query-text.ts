import { readFile } from 'node:fs/promises';
import type { ReadStream } from 'node:tty';
import { pathSentence } from '../../lib/errors/path-fault.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { decodeText } from '../../lib/text-file/decode-text.ts';
import { TextUnreadable } from '../../lib/text-file/text-unreadable.ts';

/** The most characters in a query that a server accepts. */
const MOST_CHARACTERS = 1_000_000;
const WAYS = 'as an argument, by --file, or on standard input';

/**
 * Reads the SQL of a call: from its argument, the file that --file names, or standard input. `-` names standard input,
 * which is also read if there is neither argument nor file. Throws UserFault for no query, two queries, or input that
 * is not text.
 */
export async function readQueryText(
  argument: string | undefined,
  file: string | undefined,
  stdin: Pick<ReadStream, 'isTTY'> & AsyncIterable<Buffer>,
): Promise<string> {
  if (argument !== undefined && file !== undefined)
    throw wrongCall(`The query is given twice, as an argument and by --file: give it once, ${WAYS}.`);
  if (argument !== undefined && argument !== '-') return checked('The query', argument);
  if (file !== undefined && file !== '-') return checked(file, decoded(file, await contentOf(file)));
  if (argument === undefined && file === undefined && stdin.isTTY)
    throw wrongCall(
      `There is no query: give it ${WAYS}. For example: ssm-archive sql "SELECT count(*) FROM invocations"`,
    );
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    size += chunk.length;
    // A character takes at most four bytes. So input that is too long is refused without waiting for its end, which may
    // never come.
    if (size > MOST_CHARACTERS * 4) throw tooLong('Standard input');
    chunks.push(chunk);
  }
  return checked('Standard input', decoded('Standard input', Buffer.concat(chunks)));
}

async function contentOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw wrongCall(pathSentence(file, error));
  }
}

function decoded(where: string, bytes: Buffer): string {
  try {
    return decodeText(bytes);
  } catch (error) {
    if (error instanceof TextUnreadable) throw wrongCall(`${where} ${error.message}`);
    throw error;
  }
}

function checked(where: string, text: string): string {
  if (text.trim() === '') throw wrongCall(`${where} is empty: give a query ${WAYS}.`);
  if (text.length > MOST_CHARACTERS) throw tooLong(where);
  return text;
}

function tooLong(where: string): UserFault {
  return wrongCall(`${where} is too long: a query has at most ${MOST_CHARACTERS} characters.`);
}

function wrongCall(sentence: string): UserFault {
  return new UserFault(sentence, { exitCode: 2 });
}
