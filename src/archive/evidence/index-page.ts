import { SENDER } from '../../ledger/entries/redactable-members.ts';
import { sayFilter } from '../../questions/say-filter.ts';
import { sayWholeFrom } from '../../questions/say-whole-from.ts';
import { commandsHtml } from './commands/commands-html.ts';
import type { ListedCommand } from './commands/write-commands.ts';
import { coverageHtml } from './coverage/coverage-texts.ts';
import { type EvidenceSummary, FILES } from './evidence.ts';
import type { PrintedInvocation } from './outputs/list-printed.ts';
import { printedHtml } from './outputs/printed-html.ts';
import { shownLine } from './shown-line.ts';
import { unseenHtml } from './unseen/unseen-texts.ts';

/** One invocation in the list of the page. */
export interface ListedInvocation {
  requestedAt: string | null;
  accountId: string;
  region: string;
  instanceId: string;
  documentName: string | null;
  status: string | null;
  statusDetails: string | null;
  commandId: string;
}

/** What the page shows one by one. */
export interface Listed {
  invocations: readonly ListedInvocation[];
  commands: readonly ListedCommand[];
  printed: readonly PrintedInvocation[];
}

/** The rest is in the CSV. A page of paper has about forty. */
export const MOST_LISTED = 500;

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;color:#1a1a1a;max-width:70rem;margin:2rem auto;padding:0 1rem}
.gap,.absence{border-left:.3rem solid #b00;padding-left:.8rem}.complete{border-left:.3rem solid #484;padding-left:.8rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}dt{font-weight:600}dd{margin:0 0 .5rem}
code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f4f4f4;padding:.5rem}
h3{font-size:1rem;margin-top:1.5rem;overflow-wrap:anywhere}h4{font:600 13px/1.4 ui-monospace,monospace;margin:.8rem 0 .2rem;overflow-wrap:anywhere}
.command dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}.command dd{margin:0;overflow-wrap:anywhere}
.lines{margin:0;padding:.5rem .5rem .5rem 4rem;background:#f4f4f4;font:13px/1.4 ui-monospace,monospace}.lines li{white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:13px}th,td{text-align:left;padding:.2rem .5rem;border-bottom:1px solid #ddd;overflow-wrap:anywhere;vertical-align:top}
@media print{body{margin:0;max-width:none;font-size:10pt}tr{break-inside:avoid}thead{display:table-header-group}a{color:inherit;text-decoration:none}}`;

/**
 * index.html: what the pack is about, for screen and paper. It has no script and loads nothing. If the pack is empty,
 * it begins with `absence`, which says what the pack does not prove.
 */
export function indexPage(summary: EvidenceSummary, listed: Listed, absence: string | undefined): string {
  const { question, invocations, states, outputs, byStatus, madeAt, origin, verifierKey, size } = summary;
  const facts: [string, string][] = [
    ['Made', `${madeAt}, by ssm-archive ${summary.archiveVersion}`],
    ['Asked for', describeFilter(summary)],
    [
      'Found',
      `${invocations} invocations, ${states} observed states, ${outputs} outputs${question.withoutOutputs ? ' (left out)' : ''}, ${summary.fullOutputs} full outputs; ${summary.commands} commands, ${summary.commandStates} observed states of them`,
    ],
    [
      'By status',
      Object.entries(byStatus)
        .map(([status, count]) => `${status || '(none)'} ${count}`)
        .join(', ') || 'none',
    ],
    ...redactedFact(summary),
    ['Ledger', `${origin}, ${size} entries`],
    ['Signed by', verifierKey],
  ];
  const rows = listed.invocations.map((row) =>
    [
      row.requestedAt,
      row.accountId,
      row.region,
      row.instanceId,
      row.documentName,
      row.statusDetails ?? row.status,
      row.commandId,
    ]
      .map((cell) => `<td>${shownLine(cell ?? '')}</td>`)
      .join(''),
  );
  const more =
    invocations > listed.invocations.length
      ? `<p>${invocations - listed.invocations.length} more are in <code>${FILES.csv}</code>.</p>`
      : '';
  const query = question.query
    ? `<h2>Query</h2><pre>${shownLines(question.query.sql)}</pre><p>Its rows are in <code>${FILES.resultCsv}</code>.${wholeText(question.query)}</p>`
    : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Evidence of Run Command, ${shownLine(madeAt.slice(0, 10))}</title><style>${STYLE}</style></head><body>
${absence === undefined ? '' : `<p class="absence"><strong>${shownLine(absence)}</strong></p>\n`}${unseenHtml(summary.neverSeen ?? [])}<h1>Evidence of AWS Systems Manager Run Command</h1>
${coverageHtml(summary.coverage)}
<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${shownLine(value)}</dd>`).join('')}</dl>
<p><code>${FILES.guide}</code> says how to check all of this without the archive that made the pack.</p>${query}
${commandsHtml(summary, listed.commands)}${printedHtml(summary, listed.printed)}<h2>Invocations</h2>
<table><thead><tr><th>Requested</th><th>Account</th><th>Region</th><th>Node</th><th>Document</th><th>Status</th><th>Command</th></tr></thead>
<tbody>${rows.map((row) => `<tr>${row}</tr>`).join('\n')}</tbody></table>${more}
</body></html>
`;
}

/** What the rows of the query lack. The day is from the pack itself, so it is shown as text. */
function wholeText({ wholeFrom }: { wholeFrom?: string | undefined }): string {
  return wholeFrom === undefined ? '' : ` ${shownLine(sayWholeFrom(wholeFrom, 'This answer to SQL'))}`;
}

function redactedFact(summary: EvidenceSummary): [string, string][] {
  const { withheldStates, withheldCommandStates, senders } = summary;
  const { redacted = [] } = summary.question;
  if (redacted.length === 0) return [];
  const states = withheldStates + withheldCommandStates;
  const withheld = [
    states > 0 && `${states} states are withheld whole`,
    senders > 0 && redacted.includes(SENDER) && `${senders} senders are withheld whole`,
  ].filter((text) => text !== false);
  return [['Redacted', [`${redacted.join(', ')}: commitments are in their place`, ...withheld].join('; ')]];
}

function describeFilter({ question: { filter } }: EvidenceSummary): string {
  return sayFilter(filter) || 'everything';
}

function shownLines(text: string): string {
  return text.split('\n').map(shownLine).join('\n');
}
