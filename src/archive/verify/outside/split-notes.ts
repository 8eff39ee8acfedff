const SIGNATURE = '\u2014 ';

/**
 * `copy a+b` of Windows leaves this between two files that began with a byte order mark: it is the second file's mark.
 */
const MARK = '\ufeff';

/**
 * The notes in a file, one after the other, as `cat checkpoint-* > all` makes it: each ends with its signatures. A file
 * without any signature is one note, so that its fault is reported. Some editors leave out the last line end of a note;
 * it is put back.
 */
export function splitNotes(text: string): string[] {
  const notes: string[] = [];
  let begun = '';
  let isSigned = false;
  for (const given of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const line = given.startsWith(MARK) ? given.slice(MARK.length) : given;
    const isSignature = line.startsWith(SIGNATURE);
    if (isSigned && !isSignature) {
      notes.push(begun);
      begun = '';
      isSigned = false;
    }
    // Empty lines between two notes belong to neither.
    if (begun === '' && line.trim() === '') continue;
    begun += line;
    isSigned = isSignature;
  }
  if (begun !== '') notes.push(begun.endsWith('\n') ? begun : `${begun}\n`);
  return notes;
}
