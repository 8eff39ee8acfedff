import { after, readText } from './read-text.ts';
import { type Read, shown } from './reading.ts';

export interface ResponseCodeCondition {
  operator: '=' | '<>' | '>' | '<';
  code: number;
}

const OPERATORS = new Map<string | undefined, ResponseCodeCondition['operator']>([
  ['!', '<>'],
  ['>', '>'],
  ['<', '<'],
]);

/**
 * Reads a condition on an exit code: `0` is exactly that code, `!0` any other code, `>0` any greater code, and `<0` any
 * smaller code.
 */
export const readResponseCode: Read<ResponseCodeCondition> = (typed, context) =>
  after(readText(typed, context), (text) => {
    const [, sign, code] = /^(!|>|<)?(-?\d{1,10})$/.exec(text) ?? [];
    if (code === undefined) return { fault: `must be a code such as 0, or !0, >0 or <0, not ${shown(text)}` };
    return { value: { operator: OPERATORS.get(sign) ?? '=', code: Number(code) } };
  });
