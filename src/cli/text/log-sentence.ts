import { z } from 'zod';
import { joined, type Line, styled } from './line.ts';

const record = z.looseObject({ level: z.number(), msg: z.string().optional() });
const thrown = z.looseObject({
  type: z.string().optional(),
  message: z.string().optional(),
  stack: z.string().optional(),
});
const place = z.object({
  alias: z.string().nullish(),
  account: z.string().nullish(),
  accountId: z.string().nullish(),
  region: z.string().nullish(),
});

const WARN = 40;
const ERROR = 50;
/** Longer values, such as a checkpoint, are left out: they are for machines. */
const LONGEST_FACT = 120;
/** Members of a line that are already in its sentence, or that are put before or after the sentence. */
const OWN = new Set(['level', 'time', 'msg', 'err', ...Object.keys(place.shape)]);

/** Returns a line of the log as sentences for people; undefined if the text is not a line of the log. */
export function logSentence(line: string): Line[] | undefined {
  const parsed = record.safeParse(jsonOf(line));
  if (!parsed.success) return undefined;
  const { level, msg = '', err, ...facts } = parsed.data;
  const where = whereOf(parsed.data);
  const said = `${where === '' ? '' : `${where}: `}${msg}${factsOf(facts, msg)}`;
  return [joined(markOf(level), said), ...errorLinesOf(err)];
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function markOf(level: number): Line {
  if (level >= ERROR) return joined(styled('red', 'Error:'), ' ');
  if (level >= WARN) return joined(styled('yellow', 'Warning:'), ' ');
  return '';
}

function whereOf(data: unknown): string {
  const { alias, account, accountId, region } = place.safeParse(data).data ?? {};
  return [alias, account ?? accountId, region].filter(Boolean).join(' ');
}

function factsOf(facts: Record<string, unknown>, msg: string): string {
  const shown = Object.entries(facts).flatMap(([name, value]) => {
    if (OWN.has(name) || value === null || value === undefined) return [];
    // Lists and mappings are left out: they are for machines, and the log in JSON has them.
    if (typeof value === 'object') return [];
    const text = String(value);
    return text.length > LONGEST_FACT || text.includes('\n') || msg.includes(text) ? [] : [`${name}: ${text}`];
  });
  return shown.length === 0 ? '' : ` (${shown.join(', ')})`;
}

/** Returns the error and where it was thrown, for a person who reports it. */
function errorLinesOf(err: unknown): Line[] {
  const parsed = thrown.safeParse(err);
  if (!parsed.success) return [];
  const { type, message, stack = '' } = parsed.data;
  const frames = stack.split('\n').filter((frame) => /^ {4}at /.test(frame));
  return [`  ${[type, message].filter(Boolean).join(': ')}`, ...frames.map((frame) => styled('dim', `  ${frame}`))];
}
