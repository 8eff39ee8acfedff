/** Draws a number n with 0 ≤ n < below; the same seed draws the same numbers. */
export function createDraw(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const ODD: readonly unknown[] = [
  ...[null, true, -1, 0, 51, 1e300, 5.5, '', ' ', '\u0000', '\ud800', 'a'.repeat(3000), [], {}, [[]], [null]],
  ...['i-0123456789abcdef0', '11111111-2222-4333-8444-555555555555', '2026-02-30', '9999-12-31T23:59:59-18:00'],
  ...['0000-01-01', "' OR 1=1 --", 'InvokedAfter', 'Status', 'DocumentName', 'TimedOut', '__proto__', '444455556666'],
  ...[[{ key: 'InvokedAfter', value: '0000-01-01' }], [{ key: 'Status', value: 'Success' }], [{ key: 1 }]],
];
const NAMES = ['CommandId', 'InstanceId', 'MaxResults', 'NextToken', 'Filters', 'Details', 'PluginName', '__proto__'];
const NOISE = [
  '"',
  '{',
  '}',
  '[',
  ',',
  '\\',
  '\u0000',
  '\u00e9',
  '=',
  '/',
  ';',
  ' ',
  'AWS4-HMAC-SHA256',
  '999999999999',
];

/** A body for an operation, partly random: usually JSON, sometimes not. */
export function drawBody(draw: (below: number) => number, tokens: readonly string[]): string {
  const body: Record<string, unknown> = {};
  for (let n = draw(4); n > 0; n--) {
    const name = NAMES[draw(NAMES.length)] ?? '';
    const isToken = name === 'NextToken' && tokens.length > 0 && draw(2) === 0;
    const token = tokens[draw(tokens.length)] ?? '';
    Object.defineProperty(body, name, {
      value: isToken ? (draw(2) === 0 ? token : mutateText(draw, token)) : ODD[draw(ODD.length)],
      ...{ enumerable: true, configurable: true },
    });
  }
  const text = JSON.stringify(body);
  return draw(10) === 0 ? mutateText(draw, text) : text;
}

/** The text with one or more characters inserted, removed or doubled. */
export function mutateText(draw: (below: number) => number, text: string): string {
  let changed = text;
  for (let n = 1 + draw(3); n > 0; n--) {
    const at = draw(changed.length + 1);
    const way = draw(3);
    if (way === 0) changed = changed.slice(0, at) + (NOISE[draw(NOISE.length)] ?? '') + changed.slice(at);
    else if (way === 1) changed = changed.slice(0, at) + changed.slice(at + 1 + draw(5));
    else changed = changed.slice(0, at) + changed.slice(Math.max(0, at - 4));
  }
  return changed;
}
