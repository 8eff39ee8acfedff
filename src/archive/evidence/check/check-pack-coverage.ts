import { z } from 'zod';
import { addFault, type Fault } from '../../verify/fault.ts';
import type { CertificateOfPack } from '../coverage/certificate-of-pack.ts';
import { coverageHtml, coverageMarkdown } from '../coverage/coverage-texts.ts';
import { COVERAGE_FORM, type PackCoverage, statePackCoverage } from '../coverage/state-pack-coverage.ts';
import { FILES } from '../evidence.ts';
import { parsed } from './parsed.ts';

const Manifest = z.looseObject({
  invocations: z.number(),
  states: z.number(),
  /** Packs of earlier versions have no commands and no full outputs. */
  commands: z.number().default(0),
  commandStates: z.number().default(0),
  senders: z.number().default(0),
  fullOutputs: z.number().default(0),
  question: z.looseObject({
    filter: z.looseObject({
      account: z.string().optional(),
      /** Packs of earlier versions have this instead of `account`. */
      accountId: z.string().optional(),
      region: z.string().optional(),
      requestedAfter: z.string().optional(),
      requestedBefore: z.string().optional(),
    }),
  }),
  coverage: z.object({ form: z.number(), complete: z.boolean(), statement: z.array(z.string()) }).optional(),
});

/** What a pack counts in its manifest, as its files have it. */
export interface CountedInPack {
  rows: number;
  states: number;
  commands: number;
  commandStates: number;
  senders: number;
  fullOutputs: number;
}

export interface TextsOfPack {
  manifest: string;
  page: string;
  guide: string;
}

/**
 * Checks that a pack's certificate is for the pack's span, says the same as the page, VERIFY.md and the manifest, and
 * does not contradict itself. In packs of earlier versions only the certificate states the coverage.
 */
export function checkPackCoverage(
  { manifest: json, page, guide }: TextsOfPack,
  certificate: CertificateOfPack,
  found: CountedInPack & { origin: string },
  faults: Fault[],
): PackCoverage {
  const own = statePackCoverage(certificate);
  const { complete, places, missing, asked, origin } = certificate;
  const isWhole = places.every((place) => place.complete && place.gaps.length === 0 && place.unproven.length === 0);
  if (complete && (places.length === 0 || missing.length > 0 || !isWhole))
    addFault(faults, `${FILES.certificate} says that everything is complete, but names something that is not`);
  if (origin !== found.origin) addFault(faults, `${FILES.certificate} belongs to another ledger, ${origin}`);
  const manifest = Manifest.safeParse(parsed(json)).data;
  if (!manifest) {
    addFault(faults, `${FILES.manifest} does not say what the pack is about`);
    return own;
  }
  const { region = null, requestedAfter = null, requestedBefore = null, ...asks } = manifest.question.filter;
  const isOfSpan =
    asked.accountId === (asks.account ?? asks.accountId ?? null) &&
    asked.region === region &&
    asked.from === requestedAfter &&
    asked.to === requestedBefore;
  if (!isOfSpan) addFault(faults, `${FILES.certificate} is for another span, account or region than the pack`);
  checkCounts({ ...manifest, rows: manifest.invocations }, found, faults);
  const told = manifest.coverage;
  if (!told) return own;
  const isSame = told.form !== COVERAGE_FORM || told.statement.join('\n') === own.statement.join('\n');
  if (told.complete !== complete || !isSame)
    addFault(faults, `${FILES.manifest} and ${FILES.certificate} state different coverage`);
  if (told.form !== COVERAGE_FORM) return own;
  if (!page.includes(coverageHtml(own)))
    addFault(faults, `${FILES.page} and ${FILES.certificate} state different coverage`);
  if (!guide.includes(coverageMarkdown(own)))
    addFault(faults, `${FILES.guide} and ${FILES.certificate} state different coverage`);
  return own;
}

function checkCounts(told: CountedInPack, found: CountedInPack, faults: Fault[]): void {
  const fault = (what: string) => addFault(faults, `${FILES.manifest} counts ${what}`);
  if (told.rows !== found.rows || told.states !== found.states)
    fault(`${told.rows} invocations and ${told.states} states, but the pack has ${found.rows} and ${found.states}`);
  if (told.commands !== found.commands || told.commandStates !== found.commandStates)
    fault(
      `${told.commands} commands and ${told.commandStates} states of commands, but the pack has ${found.commands} and ${found.commandStates}`,
    );
  if (told.senders !== found.senders) fault(`${told.senders} senders, but the pack has ${found.senders}`);
  if (told.fullOutputs !== found.fullOutputs)
    fault(`${told.fullOutputs} full outputs, but the pack has ${found.fullOutputs}`);
}
