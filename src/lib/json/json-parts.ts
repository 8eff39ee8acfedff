const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * Returns the text of each element of a list, from JSON that is known to be valid. Numbers keep all their digits;
 * JSON.parse would lose digits of integers above 2^53.
 */
export function jsonElements(json: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = endOfText(json, at);
    else if (OPENING.has(code)) {
      depth += 1;
      if (depth === 1) start = at + 1;
    } else if (CLOSING.has(code) || (code === COMMA && depth === 1)) {
      const part = depth === 1 ? json.slice(start, at).trim() : '';
      if (part !== '') parts.push(part);
      if (code === COMMA) start = at + 1;
      else depth -= 1;
    }
  }
  return parts;
}

/** Returns the text of each member's value in an object, by name, from JSON that is known to be valid. */
export function jsonMembers(json: string): Map<string, string> {
  return new Map(
    jsonElements(json).map((part) => {
      const end = endOfText(part, 0) + 1;
      const name: unknown = JSON.parse(part.slice(0, end));
      return [String(name), part.slice(part.indexOf(':', end) + 1).trim()];
    }),
  );
}

/** Returns the index of the quote that closes the text opened at `start`. */
export function endOfText(json: string, start: number): number {
  for (let at = start; ; ) {
    at = json.indexOf('"', at + 1);
    if (at < 0) return json.length;
    let escapes = 0;
    while (json.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return at;
  }
}
