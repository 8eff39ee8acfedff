/**
 * Whatever a terminal or a reader would act upon rather than show: controls of C0 and C1, among them ESC, line ends and
 * NUL; marks that turn the direction of writing, and all other formatting that has no form; halves of characters. The
 * joiners of emoji and of scripts are left.
 */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with all that is unseen as an escape: `\n`, `\x1b`, `\u202e`. Nothing that it holds can drive a terminal. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (character) => SHORT[character] ?? escapeOf(character));
}

/** The same JSON, in which all that is unseen within texts stands as JSON's own escapes. Line ends between values stay. */
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
