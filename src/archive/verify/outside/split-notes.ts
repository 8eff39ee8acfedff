const SIGNATURE = '\u2014 ';

/** What `copy a+b` of Windows leaves between two files that had one each: the mark of the second. */
const MARK = '\ufeff';

/**
 * The notes that a file has, one behind the other, as `cat checkpoint-* > all` makes it: each ends with its signatures. Of a file without
 * any signature the whole is one, so that what is wrong with it is told. A note's last line end, which some editors leave out, is put back.
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
    // Empty lines between two notes are of neither.
    if (begun === '' && line.trim() === '') continue;
    begun += line;
    isSigned = isSignature;
  }
  if (begun !== '') notes.push(begun.endsWith('\n') ? begun : `${begun}\n`);
  return notes;
}
