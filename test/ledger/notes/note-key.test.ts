import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadNoteKey, createNoteKey, parseSigningKey, parseVerifierKey } from '../../../src/ledger/notes/note-key.ts';

/** From sumdb/note/note_test.go in https://github.com/golang/mod at fe2ec04, BSD-3-Clause. */
const VERIFIER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const SIGNING = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';

/** Returns every shorter part of the text, and for each character the text with the next character in its place. */
function manglings(text: string): string[] {
  const each = Array.from(text, (_, at) => at);
  const parts = each.flatMap((from) => each.map((at) => text.slice(from, at + 1))).filter((part) => part !== text);
  const next = each.map((at) => text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) + 1) + text.slice(at + 1));
  return ['', ...parts, ...next];
}

describe('the key of a note', () => {
  it("is read as Go's sumdb/note reads it", () => {
    expect(parseVerifierKey(VERIFIER)).toMatchObject({ name: 'PeterNeumann', keyId: 0xc74f20a3, type: 1 });
    expect(parseSigningKey(SIGNING)).toMatchObject({
      name: 'PeterNeumann',
      keyId: 0xc74f20a3,
      verifierKey: VERIFIER,
    });
  });

  it('is made from the given random bytes as Go makes it', () => {
    // From ExampleSign_add_signatures in the same file, whose random bytes are zeros. The verifier key is in TestOpen.
    const key = createNoteKey('EnochRoot', (size) => Buffer.alloc(size));
    expect(key.verifierKey).toBe('EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop');
    expect(parseSigningKey(key.signingKey).verifierKey).toBe(key.verifierKey);
  });

  it('is never read from a part of a key, or from a changed key', () => {
    for (const text of manglings(VERIFIER)) expect(() => parseVerifierKey(text), text).toThrow(BadNoteKey);
    for (const text of manglings(SIGNING)) expect(() => parseSigningKey(text), text).toThrow(BadNoteKey);
  });

  it.each([
    // From Go's tests: a key that is too long, and a key of an unknown type, each with a matching id.
    'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
    'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    // The hexadecimal digits of an id are lower case, and only one form of base64 is valid.
    VERIFIER.replace('c74f20a3', 'C74F20A3'),
    `${VERIFIER}=`,
    `${VERIFIER}\n`,
    SIGNING,
    // From note/note_cosigv1_test.go in https://github.com/transparency-dev/formats at 0b850f1, Apache-2.0.
    'bananas.sigstore.dev+12344556',
    'rekor.sigstore.dev+12345678+THIS_IS_NOT_BASE64!',
    'rekor.sigstore.dev+12345678+AwEB',
  ])('is refused as %s', (text) => {
    expect(() => parseVerifierKey(text)).toThrow(BadNoteKey);
  });

  it('may be the key of a witness, which has another id for the same bytes', () => {
    const text = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';
    expect(parseVerifierKey(text)).toMatchObject({ name: 'remora.n621.de', keyId: 0xda77ade7, type: 4 });
  });

  it("is refused with a name that a note can't contain", () => {
    for (const name of ['', 'a b', 'a+b', 'a\u00a0b', 'a\u2003b', 'a\nb', 'a\u0001', '\u0085', '\ud800']) {
      expect(() => createNoteKey(name, randomBytes), JSON.stringify(name)).toThrow(BadNoteKey);
    }
    const { verifierKey } = createNoteKey('example.com/größe', randomBytes);
    expect(parseVerifierKey(verifierKey).name).toBe('example.com/größe');
  });

  it('is never shown in an error if it is private', () => {
    const { signingKey } = createNoteKey('archive.example/log', randomBytes);
    const secret = signingKey.slice(-44);
    for (const text of [signingKey.replace(/\+[0-9a-f]{8}\+/, '+00000000+'), `${signingKey}=`, signingKey.slice(1)]) {
      expect(() => parseSigningKey(text)).toThrow(BadNoteKey);
      expect(() => parseSigningKey(text)).not.toThrow(secret);
    }
    expect(() => parseVerifierKey(signingKey)).not.toThrow(secret);
  });

  it('has a PEM with the same bytes as its text, and openssl verifies its signatures with that PEM', () => {
    const { signingKey, verifierKey } = createNoteKey('archive.example/log', randomBytes);
    const { pem } = parseVerifierKey(verifierKey);
    const bytes = createPublicKey(pem).export({ format: 'der', type: 'spki' }).subarray(-32);
    expect(verifierKey.endsWith(Buffer.concat([Buffer.of(1), bytes]).toString('base64'))).toBe(true);
    const id = createHash('sha256').update('archive.example/log\n\u0001').update(bytes).digest('hex').slice(0, 8);
    expect(verifierKey.split('+')[1]).toBe(id);

    const folder = mkdtempSync(join(tmpdir(), 'note-key-'));
    try {
      writeFileSync(join(folder, 'key.pem'), pem);
      writeFileSync(join(folder, 'text'), 'what is signed\n');
      writeFileSync(join(folder, 'signature'), parseSigningKey(signingKey).sign(Buffer.from('what is signed\n')));
      const check = 'pkeyutl -verify -pubin -inkey key.pem -rawin -in text -sigfile signature'.split(' ');
      expect(execFileSync('openssl', check, { cwd: folder, encoding: 'utf8' })).toContain('Verified Successfully');
      writeFileSync(join(folder, 'text'), 'what is forged\n');
      expect(() => execFileSync('openssl', check, { cwd: folder, stdio: 'pipe' })).toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
