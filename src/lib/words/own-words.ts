import { z } from 'zod';
import { nearNames, proposalOf } from './near-names.ts';

type Raw = z.core.$ZodRawIssue;

/**
 * A hostile body may have a hundred thousand unknown names, and each of them would be compared with all known names.
 */
const MOST_PROPOSALS = 50;
const MOST_SHOWN = 40;

// zod's messages are for programmers ("Invalid input: expected string, received undefined"). Once this file is loaded,
// every fault without a message of its own is reported in this file's words: in the CLI, REST and the console.
z.config({ localeError: (issue) => sentenceOf(issue) });

/** A fault in an input: its place, and a message worded to come after the place in a sentence. */
export interface Fault {
  path: readonly PropertyKey[];
  message: string;
  /** True if the name at this place is unknown, so that its value could not be checked. */
  isUnknown?: true;
  /** For an unknown name, a sentence such as ` Did you mean "port"?`; an empty text if no name is near. */
  proposal?: string;
}

/** Returns zod's faults in this file's words: one for each place, and one for each unknown name. */
export function faultsOf(error: z.ZodError, most = Number.POSITIVE_INFINITY): Fault[] {
  const faults: Fault[] = [];
  for (const issue of error.issues) {
    if (faults.length >= most) break;
    faults.push(...faultsOfIssue(issue).slice(0, most - faults.length));
  }
  return faults;
}

function faultsOfIssue(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
  const proposals = issue.message.split('\n');
  return issue.keys.map((key, i) => {
    const proposal = (proposals[i] ?? UNKNOWN).slice(UNKNOWN.length);
    const message = proposal === '' ? UNKNOWN : `${UNKNOWN}.${proposal}`;
    return { path: [...issue.path, key], message, isUnknown: true, proposal };
  });
}

const UNKNOWN = 'is not known here';

/** The kinds of values, worded to come after "must be". */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['tuple', 'a list'],
  ['object', 'a mapping of names to values'],
  ['record', 'a mapping of names to values'],
  ['map', 'a mapping of names to values'],
  ['null', 'null'],
]);

function sentenceOf(issue: Raw): string {
  switch (issue.code) {
    case 'invalid_type':
      return mustBe([issue.expected], issue.input);
    case 'invalid_value':
      return mustBeOneOf(issue.values, issue.input);
    case 'invalid_union':
      return ofUnion(issue);
    case 'unrecognized_keys':
      return issue.keys
        .map((key, i) => UNKNOWN + (i < MOST_PROPOSALS ? proposalOf(nearNames(key, namesOf(issue.inst))) : ''))
        .join('\n');
    case 'too_small':
    case 'too_big':
      return ofSize(issue);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}, not ${shown(issue.input)}`;
    case 'invalid_format':
      return `does not have the required form: ${shown(issue.input)}`;
    case 'invalid_key':
      return 'has a name that is not allowed';
    case 'invalid_element':
      return 'has an entry that is not allowed';
    default:
      return `must not be ${shown(issue.input)}`;
  }
}

function mustBe(expected: readonly string[], input: unknown): string {
  const kinds = [...new Set(expected.map((kind) => KINDS.get(kind) ?? 'something else'))].join(' or ');
  return input === undefined ? `is needed: ${kinds}` : `must be ${kinds}, not ${shown(input)}`;
}

function mustBeOneOf(values: readonly unknown[], input: unknown): string {
  const names = values.map(String);
  const last = names.at(-1) ?? '';
  const all = names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${last}` : last;
  if (input === undefined) return `is needed: ${all}`;
  const proposal = typeof input === 'string' ? proposalOf(nearNames(input, names)) : '';
  return `must be ${all}, not ${shown(input)}${proposal === '' ? '' : `.${proposal}`}`;
}

/**
 * Describes the fault in the alternative that fits best: the first one that fails inside the value, because the value's
 * kind fits it.
 */
function ofUnion(issue: Extract<Raw, { code: 'invalid_union' }>): string {
  const forms = issue.errors ?? [];
  const kinds = forms.flatMap(([first]) => (first?.code === 'invalid_type' && first.path.length === 0 ? [first] : []));
  if (kinds.length === forms.length && forms.length > 0)
    return mustBe(
      kinds.map(({ expected }) => expected),
      issue.input,
    );
  const within = forms.map(([first]) => first).find((first) => first !== undefined && first.path.length > 0);
  if (within) return `is wrong at ${memberPath(within.path)}, which ${within.message}`;
  return `does not have a known form: ${shown(issue.input)}`;
}

function ofSize(issue: Extract<Raw, { code: 'too_small' | 'too_big' }>): string {
  const bound = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const edge = issue.code === 'too_small' ? 'at least' : 'at most';
  const what =
    issue.origin === 'string' ? ' characters' : ['array', 'set', 'map'].includes(issue.origin) ? ' entries' : '';
  if (what !== '')
    return bound === 1 && issue.code === 'too_small' ? 'must not be empty' : `must have ${edge} ${bound}${what}`;
  const beyond = issue.code === 'too_small' ? 'above' : 'below';
  return `must be ${issue.inclusive === false ? beyond : edge} ${bound}, not ${shown(issue.input)}`;
}

/** Returns a place as text: `parameters[0].default`. */
export function memberPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

/** Returns the names that an object's form knows. */
function namesOf(form: unknown): string[] {
  return form instanceof z.ZodObject ? Object.keys(form.shape) : [];
}

function shown(input: unknown): string {
  if (typeof input === 'string') {
    const text = input.length > MOST_SHOWN ? `${input.slice(0, MOST_SHOWN)}…` : input;
    return `"${text.toWellFormed()}"`;
  }
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object' && input !== null) return 'a mapping';
  return input === undefined ? 'nothing' : String(input).slice(0, MOST_SHOWN);
}
