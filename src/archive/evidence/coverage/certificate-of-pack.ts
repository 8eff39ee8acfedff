import { z } from 'zod';
import { CERTIFICATE_HEADER } from '../../coverage/certificate/issue-certificate.ts';

const Span = z.looseObject({ from: z.string(), to: z.string() });

const Place = z.looseObject({
  accountId: z.string(),
  region: z.string(),
  span: Span,
  complete: z.boolean(),
  gaps: z.array(Span).default([]),
  unproven: z.array(Span).default([]),
});

/** A source that is owed and was never collected. Its account or region may not be known. */
const Missing = z.looseObject({ alias: z.string().optional(), gaps: z.array(Span).default([]) });

const Certificate = z.looseObject({
  asked: z.looseObject({
    accountId: z.string().nullable(),
    region: z.string().nullable(),
    from: z.string().nullable(),
    to: z.string().nullable(),
  }),
  complete: z.boolean(),
  places: z.array(Place),
  missing: z.array(Missing).default([]),
  origin: z.string(),
  checkpoint: z.looseObject({ size: z.number(), root: z.string() }),
});

/** A certificate in a pack, with the members that all versions have, and any members that a later version adds. */
export type CertificateOfPack = z.output<typeof Certificate>;
export type CertifiedPlaceOfPack = z.output<typeof Place>;

/** The certificate in a note's text; undefined if the text is not a certificate. */
export function certificateOfPack(text: string): CertificateOfPack | undefined {
  const [header, json = ''] = text.split('\n');
  if (header !== CERTIFICATE_HEADER) return undefined;
  try {
    return Certificate.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
