/** The answer of a witness to a request. */
export interface WitnessAnswer {
  status: number;
  /** The target of a redirect; undefined for any other answer. */
  redirectsTo?: string | undefined;
  contentType: string;
  body: string;
}

/** A witness gave no valid cosignature. The message says why, and what to do. */
export class CosignatureRefused extends Error {
  override name = 'CosignatureRefused';
  /** Whether the next request may succeed. */
  readonly isPassing: boolean;
  /** The beginning of the witness's answer. */
  readonly said: string | undefined;

  constructor(message: string, { isPassing = false, said }: { isPassing?: boolean; said?: string } = {}) {
    super(message);
    this.isPassing = isPassing;
    this.said = said;
  }
}

const MOST_SAID = 200;

/**
 * Returns the error for an answer without a cosignature, as https://c2sp.org/tlog-witness defines the statuses.
 * `logKey` is the key of the ledger, which the witness must know.
 */
export function refusalOf({ status, redirectsTo, body }: WitnessAnswer, logKey: string): CosignatureRefused {
  const said = body.slice(0, MOST_SAID);
  const isPassing = status === 429 || status >= 500;
  if (status >= 300 && status < 400) return new CosignatureRefused(redirectSentence(status, redirectsTo), { said });
  return new CosignatureRefused(sentenceOf(status, logKey, isPassing), { isPassing, said });
}

/** The configured url of a witness is the part before /add-checkpoint. */
function redirectSentence(status: number, to: string | undefined): string {
  if (to === undefined)
    return `The witness redirects without saying where (${status}), and no redirect is followed. Check its url.`;
  const [, url] = /^(.+)\/add-checkpoint$/.exec(to) ?? [];
  const remedy = url === undefined ? 'Check its url.' : `If the witness has moved there, set its url to ${url}.`;
  return `The witness redirects to ${to} (${status}), and no redirect is followed. ${remedy}`;
}

function sentenceOf(status: number, logKey: string, isPassing: boolean): string {
  if (isPassing) return `The witness cannot cosign now (${status}).`;
  switch (status) {
    case 403:
      return `The witness does not trust the key that signed the checkpoint (403). Ask its operator to add the key ${logKey}.`;
    case 404:
      return `The witness does not know this ledger, or is not at this address (404). Check its url, and ask its operator to add the log ${logKey.split('+')[0]} with the key ${logKey}.`;
    case 422:
      return 'The witness finds that this ledger does not continue what it cosigned before (422): history was changed, or another archive signs with the same key. Run "ssm-archive verify --checkpoint" with a checkpoint that you kept outside the archive.';
    default:
      return `The witness answered with status ${status}, which a witness never sends for add-checkpoint. Check its url.`;
  }
}
