import { canonicalJson } from '../../../lib/json/canonical-json.ts';
import type { CertificateOfPack, CertifiedPlaceOfPack } from './certificate-of-pack.ts';

/**
 * Sentences that every pack begins with: whether the archive has everything of the pack's span, and what is missing.
 * They are made from the certificate alone.
 */
export interface PackCoverage {
  /**
   * The version of the sentences' wording. The sentences of a pack are compared word by word only if they have the same
   * version.
   */
  form: number;
  complete: boolean;
  /** The first sentence is the verdict. */
  statement: string[];
}

export const COVERAGE_FORM = 1;

const MOST_NAMED = 20;

/**
 * Members that have their own sentence, or that only show what is complete. All other members are listed with name and
 * value.
 */
const TOLD = [
  ...['accountId', 'region', 'span', 'complete', 'covered', 'counts', 'sweeps', 'moreSweeps', 'broughtInLeaves'],
  ...['gaps', 'unproven', 'forgottenCommands', 'prunings', 'unfinishedCommands', 'unfinishedInvocations'],
  ...['edges', 'spreadMs'],
];
const TOLD_OF_ALL = ['asked', 'complete', 'places', 'missing', 'origin', 'issuedAt', 'checkpoint'];

/**
 * Says in sentences what a certificate says. Names everything that the certificate calls missing, even in members that
 * a later version adds.
 */
export function statePackCoverage(certificate: CertificateOfPack): PackCoverage {
  const { places, complete, missing } = certificate;
  return {
    form: COVERAGE_FORM,
    complete,
    statement: [
      verdictOf(certificate),
      ...named('Missing, and nothing of this span was ever collected', missing.map(withoutGaps)),
      ...othersOf(certificate, TOLD_OF_ALL, ''),
      // What is missing comes first: if there are many accounts, a reader sees only the first lines.
      ...places.filter((place) => !place.complete).flatMap(linesOf),
      ...places.filter((place) => place.complete).flatMap(linesOf),
    ],
  };
}

function verdictOf({ asked, complete, places, missing }: CertificateOfPack): string {
  const span = `requested from ${asked.from ?? 'the first covered moment'} to ${asked.to ?? 'the last pass'}`;
  if (places.length === 0) return `NOT complete: the archive knows of no listing there that shows what was ${span}.`;
  if (complete) return `Complete: the archive has all that was ${span}, in each account and region that follows.`;
  const whole = places.filter((place) => place.complete).length;
  const without =
    missing.length === 0
      ? ''
      : `, and ${missing.length === 1 ? 'a source is' : `${missing.length} sources are`} missing`;
  return `NOT complete: the archive has all that was ${span} in ${whole} of ${places.length} accounts and regions${without}.`;
}

/** Returns a missing source with the cause of its first gap instead of its gaps. */
function withoutGaps({ gaps, ...source }: CertificateOfPack['missing'][number]): unknown {
  const [first] = gaps;
  return first ? { ...source, cause: first.cause } : source;
}

function linesOf(place: CertifiedPlaceOfPack): string[] {
  const name = `${place.accountId} ${place.region}`;
  const { unfinishedCommands: commands, unfinishedInvocations: invocations } = place;
  const isOpen = Number(commands ?? 0) + Number(invocations ?? 0) > 0;
  return [
    `${name}: ${place.complete ? 'complete' : 'NOT complete'}, from ${place.span.from} to ${place.span.to}.`,
    ...named(`${name}: not listed`, place.gaps),
    ...named(`${name}: an edge, where invocations of commands that were sent before may be missing`, place.edges),
    ...named(`${name}: listed, and not proven by the ledger`, place.unproven),
    ...named(`${name}: a command that was not seen to end`, place.forgottenCommands),
    ...named(`${name}: removed since`, place.prunings),
    ...(isOpen
      ? [
          `${name}: ${String(commands ?? 0)} commands may still bring invocations, and ${String(invocations ?? 0)} invocations had not ended.`,
        ]
      : []),
    ...othersOf(place, TOLD, `${name}: `),
  ];
}

/**
 * Lists the members that have no sentence of their own, with name and value. Leaves out empty lists, null and `false`.
 */
function othersOf(members: Readonly<Record<string, unknown>>, told: readonly string[], before: string): string[] {
  return Object.entries(members)
    .filter(([name]) => !told.includes(name))
    .flatMap(([name, value]) => {
      const what = `${before}${inWords(name)}`;
      if (Array.isArray(value)) return named(what, value);
      return value === null || value === false || value === '' ? [] : [`${what}: ${shown(value)}`];
    });
}

function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function named(what: string, all: unknown): string[] {
  const list: unknown[] = Array.isArray(all) ? all : [];
  return [
    ...list.slice(0, MOST_NAMED).map((one) => `${what}: ${shown(one)}`),
    ...(list.length > MOST_NAMED ? [`${what}: ${list.length - MOST_NAMED} more, which the certificate names.`] : []),
  ];
}

function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return canonicalJson(value);
  const { from, to, cause, ...others } = { from: undefined, to: undefined, cause: undefined, ...value };
  const rest = Object.entries(others)
    .filter(([, one]) => one !== null && one !== false)
    .map(([name, one]) =>
      one === true ? inWords(name) : `${name} ${typeof one === 'object' ? canonicalJson(one) : String(one)}`,
    );
  const span = from === undefined ? [] : [`from ${String(from)} to ${String(to)}`];
  return [...span, ...rest, ...(cause === undefined ? [] : [String(cause)])].join(', ');
}
