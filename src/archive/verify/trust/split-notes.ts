const SIGNATURE = '\u2014 ';

/**
 * The notes that a file has, one behind the other, as `cat checkpoint-* > all` makes it: each ends with its signatures. Of a file without
 * any signature the whole is one, so that what is wrong with it is told.
 */
export function splitNotes(text: string): string[] {
  const notes: string[] = [];
  let begun = '';
  let isSigned = false;
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
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
  if (begun !== '') notes.push(begun);
  return notes;
}
