const SIGNATURE = '\u2014 ';

/** A byte order mark. `copy a+b` of Windows leaves the second file's mark between the two files. */
const MARK = '\ufeff';

/**
 * Splits a file that was made like `cat checkpoint-* > all` into its notes. Each note ends with its signatures. A file
 * without a signature counts as one note, so that its fault is reported. If the last line end is missing, as some
 * editors leave it out, adds it.
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
    // Empty lines between two notes belong to no note.
    if (begun === '' && line.trim() === '') continue;
    begun += line;
    isSigned = isSignature;
  }
  if (begun !== '') notes.push(begun.endsWith('\n') ? begun : `${begun}\n`);
  return notes;
}
