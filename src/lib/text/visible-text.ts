/**
 * All characters that control a terminal or a reader instead of being shown: C0 and C1 controls, such as ESC, line ends
 * and NUL; marks that change the direction of writing, and other invisible formatting; lone surrogates. The joiners of
 * emoji and scripts are not included.
 */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Returns the text with all invisible characters as escapes: `\n`, `\x1b`, `\u202e`. The result can't control a
 * terminal.
 */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (character) => SHORT[character] ?? escapeOf(character));
}

/** A part of a text, and whether it shows invisible characters as escapes. */
export interface VisibleRun {
  text: string;
  isUnseen: boolean;
}

/** Returns the text in parts, with all invisible characters except line ends and tabs as escapes in parts of their own. */
export function visibleRuns(text: string): VisibleRun[] {
  const runs: VisibleRun[] = [];
  let at = 0;
  for (const { 0: character, index } of text.matchAll(UNSEEN)) {
    if (character === '\n' || character === '\t') continue;
    if (index > at) runs.push({ text: text.slice(at, index), isUnseen: false });
    const last = runs.at(-1);
    const shown = SHORT[character] ?? escapeOf(character);
    if (last?.isUnseen) last.text += shown;
    else runs.push({ text: shown, isUnseen: true });
    at = index + character.length;
  }
  if (at < text.length) runs.push({ text: text.slice(at), isUnseen: false });
  return runs;
}

/**
 * Returns equivalent JSON, in which invisible characters within texts are JSON escapes. Line ends between values stay.
 */
export function visibleJson(json: string): string {
  return json.replace(UNSEEN, (character) =>
    character === '\n' ? character : Array.from({ length: character.length }, (_, i) => unit(character, i)).join(''),
  );
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : unit(character, 0);
}

function unit(text: string, at: number): string {
  return `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
}
