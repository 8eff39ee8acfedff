import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { parseCheckpoint } from '../../../src/ledger/notes/checkpoint.ts';
import { createCosigner } from '../../../src/ledger/notes/create-cosigner.ts';
import { createNoteKey, parseVerifierKey } from '../../../src/ledger/notes/note-key.ts';
import { formatSignature, openNote, parseNote } from '../../../src/ledger/notes/signed-note.ts';
import { verifyConsistency } from '../../../src/ledger/tree/verify-consistency.ts';
import { sha256 } from '../../../src/lib/sha256.ts';

export interface Answer {
  status: number;
  body?: string;
  headers?: Record<string, string>;
}

/** What a witness remembers about a log. */
interface Head {
  size: number;
  root: Uint8Array;
}

interface Asked {
  from: number;
  proof: Buffer[];
  note: string;
}

const EMPTY: Head = { size: 0, root: sha256('') };
const AT = new Date('2026-03-31T12:00:01.000Z');

/** A cosigner of this name; `seed` decides its key. */
export function cosignerOf(name: string, seed = 1, at = AT) {
  return createCosigner(createNoteKey(name, (size) => Buffer.alloc(size, seed)).signingKey, () => at);
}

/** Returns a cosignature as a witness sends it. */
export function lineOf(cosigner: ReturnType<typeof cosignerOf>, note: string): string {
  return formatSignature({ ...cosigner, signature: cosigner.sign(Buffer.from(parseNote(note).text)) });
}

/**
 * A witness over HTTP that implements https://c2sp.org/tlog-witness, with a memory of its own. It ends with the
 * test.
 */
export async function startFakeWitness(name = 'witness.example/w1', cosigner = cosignerOf(name)) {
  const trusted = new Map<string, string>();
  const heads = new Map<string, Head>();
  const asked: (Asked & { status: number })[] = [];
  let instead: ((request: Asked, response: ServerResponse) => Answer | 'never' | undefined) | undefined;

  function answer({ from, proof, note }: Asked): Answer {
    const { origin, size, root } = parseCheckpoint(parseNote(note).text);
    const key = trusted.get(origin);
    if (key === undefined) return { status: 404 };
    try {
      openNote(note, [parseVerifierKey(key)]);
    } catch {
      return { status: 403 };
    }
    if (from > size) return { status: 400 };
    const head = heads.get(origin) ?? EMPTY;
    if (from !== head.size)
      return { status: 409, body: `${head.size}\n`, headers: { 'content-type': 'text/x.tlog.size' } };
    if (!verifyConsistency({ from, fromRoot: head.root, to: size, toRoot: root, proof })) return { status: 422 };
    heads.set(origin, { size, root });
    // A note may also have signatures of unknown keys.
    return { status: 200, body: lineOf(cosignerOf('unknown', 8), note) + lineOf(cosigner, note) };
  }

  const server = createServer(async (request, response) => {
    const parsed = parsedRequest(await text(request));
    const isRequest = request.method === 'POST' && request.url === '/prefix/add-checkpoint';
    const given = parsed && isRequest ? answer(parsed) : { status: 400 };
    const changed = parsed && instead?.(parsed, response);
    if (changed === 'never') return;
    const { status, body = '', headers } = changed ?? given;
    if (parsed) asked.push({ ...parsed, status });
    if (!response.destroyed) response.writeHead(status, headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    asked,
    heads,
    config: { url: `http://127.0.0.1:${port}/prefix`, key: cosigner.verifierKey },
    /** From now on, the witness knows the log by this key only. */
    trust(verifierKey: string) {
      trusted.set(parseVerifierKey(verifierKey).name, verifierKey);
    },
    trustAs(origin: string, verifierKey: string) {
      trusted.set(origin, verifierKey);
    },
    /** Replaces the answer after the request was handled as usual; undefined leaves the answer as it is. */
    answerInstead(next: typeof instead) {
      instead = next;
    },
  };
}

/** Returns the parts of a request if every byte of its form is right. */
function parsedRequest(body: string): Asked | undefined {
  const [, old, lines = '', note = ''] = /^old (0|[1-9][0-9]*)\n((?:[^\n]+\n)*)\n([\s\S]+)$/.exec(body) ?? [];
  const proof = lines.split('\n').slice(0, -1);
  const isRight = proof.length <= 63 && proof.every((line) => Buffer.from(line, 'base64').toString('base64') === line);
  if (old === undefined || !isRight) return undefined;
  return { from: Number(old), proof: proof.map((line) => Buffer.from(line, 'base64')), note };
}
