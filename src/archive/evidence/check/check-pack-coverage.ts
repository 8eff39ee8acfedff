import { z } from 'zod';
import { addFault, type Fault } from '../../verify/fault.ts';
import type { CertificateOfPack } from '../coverage/certificate-of-pack.ts';
import { coverageHtml, coverageMarkdown } from '../coverage/coverage-texts.ts';
import { COVERAGE_FORM, type PackCoverage, statePackCoverage } from '../coverage/state-pack-coverage.ts';
import { FILES } from '../evidence.ts';

const Manifest = z.looseObject({
  invocations: z.number(),
  states: z.number(),
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
  found: { rows: number; states: number; origin: string },
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
  if (manifest.invocations !== found.rows || manifest.states !== found.states)
    addFault(
      faults,
      `${FILES.manifest} counts ${manifest.invocations} invocations and ${manifest.states} states, but the pack has ${found.rows} and ${found.states}`,
    );
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

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
