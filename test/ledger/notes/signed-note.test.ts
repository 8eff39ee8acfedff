import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCosigner } from '../../../src/ledger/notes/create-cosigner.ts';
import { createNoteKey, parseSigningKey, parseVerifierKey } from '../../../src/ledger/notes/note-key.ts';
import {
  addSignatures,
  BadNote,
  cosignNote,
  openNote,
  parseNote,
  signNote,
} from '../../../src/ledger/notes/signed-note.ts';

/** From sumdb/note/note_test.go in https://github.com/golang/mod at fe2ec04, BSD-3-Clause. */
const TEXT = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.
`;
const PETER_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH_LINE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const PETER = parseVerifierKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
const ENOCH = parseVerifierKey('EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop');
const SIGNER = parseSigningKey('PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz');
const NOTE = `${TEXT}\n${PETER_LINE}`;

function namesIn(signatures: readonly { name: string }[]): string[] {
  return signatures.map(({ name }) => name);
}

describe('a signed note', () => {
  it("is the text that Go's sumdb/note writes, even with a second signature", () => {
    expect(signNote(TEXT, SIGNER)).toBe(NOTE);
    const enoch = parseSigningKey(createNoteKey('EnochRoot', (size) => Buffer.alloc(size)).signingKey);
    expect(cosignNote(NOTE, enoch)).toBe(NOTE + ENOCH_LINE);
    expect(addSignatures(NOTE, ENOCH_LINE)).toBe(NOTE + ENOCH_LINE);
    // A second signature of the same key replaces the first.
    expect(cosignNote(NOTE + ENOCH_LINE, SIGNER)).toBe(`${TEXT}\n${ENOCH_LINE}${PETER_LINE}`);
  });

  it('is opened by each key that signed it, and names the keys of its other signatures', () => {
    const one = openNote(NOTE + ENOCH_LINE, [PETER]);
    expect(one.text).toBe(TEXT);
    expect([namesIn(one.verified), namesIn(one.unverified)]).toEqual([['PeterNeumann'], ['EnochRoot']]);
    const both = openNote(Buffer.from(NOTE + ENOCH_LINE), [ENOCH, PETER]);
    expect([namesIn(both.verified), namesIn(both.unverified)]).toEqual([['PeterNeumann', 'EnochRoot'], []]);
    expect(both.verified[1]).toMatchObject({ keyId: 0xaf0cfe78, verifier: ENOCH, cosignedAt: undefined });
    expect(namesIn(openNote(NOTE + PETER_LINE, [PETER]).verified)).toEqual(['PeterNeumann']);
  });

  it.each([
    // https://c2sp.org/signed-note's own example.
    [
      'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
      'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
    ],
  ])('is opened in the form of the specification’s example', (note, key) => {
    expect(openNote(note, [parseVerifierKey(key)]).text).toBe('This is an example message.\n');
  });

  it('may have empty lines in its text', () => {
    const text = 'one\n\n\nthree\n\n';
    expect(openNote(signNote(text, SIGNER), [PETER]).text).toBe(text);
  });

  it('is refused if no given key signed it, if a signature is wrong, or if two given keys are the same', () => {
    expect(() => openNote(NOTE, [])).toThrow(
      'None of the given keys has signed the note; it is signed by PeterNeumann+',
    );
    expect(() => openNote(NOTE, [ENOCH])).toThrow(BadNote);
    const broken = `${PETER_LINE.slice(0, 60)}ABCD${PETER_LINE.slice(60)}`;
    expect(() => openNote(`${TEXT}\n${broken}`, [PETER])).toThrow('The signature of PeterNeumann+c74f20a3 is false');
    expect(() => openNote(NOTE + broken, [PETER])).toThrow(BadNote);
    expect(() => openNote(NOTE + broken + ENOCH_LINE, [PETER, ENOCH])).toThrow(BadNote);
    expect(() => openNote(NOTE, [PETER, ENOCH, PETER])).toThrow(
      'Two of the given keys have the same name and id, PeterNeumann+c74f20a3',
    );
    expect(openNote(NOTE, [PETER, ENOCH, ENOCH]).text).toBe(TEXT);
  });

  it('is accepted with a hundred signatures, and refused with more', () => {
    const line = (i: number) => `— key${i} ${Buffer.alloc(68, i).toString('base64')}\n`;
    const lines = Array.from({ length: 100 }, (_, i) => line(i));
    expect(parseNote(`${TEXT}\n${lines.join('')}`).signatures).toHaveLength(100);
    expect(() => parseNote(`${TEXT}\n${lines.join('')}${line(100)}`)).toThrow(BadNote);
    expect(() => addSignatures(`${TEXT}\n${lines.join('')}`, line(100))).toThrow(BadNote);
  });

  it.each([
    ['no signatures', TEXT],
    ['nothing after the empty line', `${TEXT}\n`],
    ['a last line without its end', NOTE.slice(0, -1)],
    ['a control character', `\u0001${NOTE}`],
    ['a carriage return', NOTE.replace('\n', '\r\n')],
    ['a tab', `\t${NOTE}`],
    ['half a character', `\ud800${NOTE}`],
    ['a name with a space', `${TEXT}\n— Bad Name ${PETER_LINE.slice(15)}`],
    ['a name with a plus', `${TEXT}\n— Bad+Name ${PETER_LINE.slice(15)}`],
    ['a name with a wide space', `${TEXT}\n— Bad\u2003Name ${PETER_LINE.slice(15)}`],
    ['a line that is not a signature', `${NOTE}Unexpected line.\n`],
    ['a hyphen instead of the dash', `${TEXT}\n${PETER_LINE.replace('—', '-')}`],
    ['no space after the dash', `${TEXT}\n${PETER_LINE.replace('— ', '—')}`],
    ['two spaces', `${TEXT}\n${PETER_LINE.replace(' x08', '  x08')}`],
    ['base64 of another form', `${TEXT}\n${PETER_LINE.replace('AM=', 'AN=')}`],
    ['base64 without its padding', `${TEXT}\n${PETER_LINE.replace('AM=', 'AM')}`],
    ['only a key id', `${TEXT}\n— PeterNeumann x08gow==\n`],
    ['nothing', ''],
  ])('is malformed with %s', (_what, note) => {
    expect(() => openNote(note, [PETER])).toThrow(BadNote);
  });

  it('is malformed if its bytes are not UTF-8', () => {
    expect(() => openNote(Buffer.concat([Buffer.of(0xff), Buffer.from(NOTE)]), [PETER])).toThrow('must be UTF-8');
    expect(() => openNote(Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from(NOTE)]), [PETER])).toThrow(BadNote);
  });

  it('is not made from a text without a line end at its end, or with control characters or surrogates', () => {
    for (const text of ['', 'abc', 'a\r\n', 'a\u0000\n', '\ud800\n']) {
      expect(() => signNote(text, SIGNER), JSON.stringify(text)).toThrow(BadNote);
    }
  });

  it('never opens as another text after a byte was changed, dropped or added', () => {
    const bytes = Buffer.from(NOTE);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(2), (at, by, kind) => {
        const other = Buffer.from([bytes[at] ?? 0].map((byte) => (kind === 0 ? byte : byte ^ by)));
        const rest = bytes.subarray(kind === 2 ? at : at + 1);
        const mutated = Buffer.concat([bytes.subarray(0, at), kind === 0 ? Buffer.alloc(0) : other, rest]);
        expect(() => openNote(mutated, [PETER])).toThrow(BadNote);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a witness', () => {
  const checkpoint = 'test\n123\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n';
  const { signingKey } = createNoteKey('witness.example/w1', randomBytes);
  const at = new Date('2026-03-01T09:30:00.999Z');
  const witness = createCosigner(signingKey, () => at);
  const verifier = parseVerifierKey(witness.verifierKey);

  it('cosigns a note, and the time is shown once the cosignature is verified', () => {
    const note = cosignNote(signNote(checkpoint, SIGNER), witness);
    const { verified } = openNote(note, [PETER, verifier]);
    expect(verified.map(({ name, cosignedAt }) => [name, cosignedAt])).toEqual([
      ['PeterNeumann', undefined],
      ['witness.example/w1', Date.parse('2026-03-01T09:30:00Z') / 1000],
    ]);
    expect(witness.keyId).not.toBe(parseSigningKey(signingKey).keyId);
  });

  it('signs the time and the whole text, as cosignature/v1 specifies', () => {
    const { verified } = openNote(signNote(checkpoint, witness), [verifier]);
    const [{ signature } = { signature: Buffer.alloc(0) }] = verified;
    expect(signature).toHaveLength(72);
    const message = `cosignature/v1\ntime 1772357400\n${checkpoint}`;
    const plain = parseVerifierKey(parseSigningKey(signingKey).verifierKey);
    expect(plain.verify(Buffer.from(message), signature.subarray(8))).toBe(true);
    for (let i = 0; i < 72; i++) {
      const forged = Buffer.from(signature);
      forged[i] = (forged[i] ?? 0) ^ 1;
      expect(verifier.verify(Buffer.from(checkpoint), forged)).toBe(false);
    }
    expect(verifier.verify(Buffer.from(`${checkpoint}extension\n`), signature)).toBe(false);
    expect(verifier.verify(Buffer.from(checkpoint), signature.subarray(1))).toBe(false);
  });

  it('counts once for any number of cosignatures, and each of them must be valid', () => {
    const later = createCosigner(signingKey, () => new Date('2026-03-02T00:00:00Z'));
    const lines = signNote(checkpoint, witness) + signNote(checkpoint, later).split('\n\n')[1];
    expect(parseNote(lines).signatures).toHaveLength(2);
    expect(openNote(lines, [verifier]).verified.map(({ cosignedAt }) => cosignedAt)).toEqual([1_772_357_400]);
    const forged = `${lines.slice(0, -10)}${lines.at(-10) === 'A' ? 'B' : 'A'}${lines.slice(-9)}`;
    expect(() => openNote(forged, [verifier])).toThrow('is false');
    // A witness's new signature replaces its old one.
    expect(parseNote(cosignNote(lines, later)).signatures).toHaveLength(1);
  });

  it('has cosignatures that do not count as plain signatures of its key, and plain signatures that do not count as cosignatures', () => {
    const plain = parseVerifierKey(parseSigningKey(signingKey).verifierKey);
    expect(() => openNote(signNote(checkpoint, witness), [plain])).toThrow(BadNote);
    expect(() => openNote(signNote(checkpoint, parseSigningKey(signingKey)), [verifier])).toThrow(BadNote);
  });
});
