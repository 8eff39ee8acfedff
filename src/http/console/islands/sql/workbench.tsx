import { render } from 'hono/jsx/dom';
import { explainedSql } from '../../../../questions/sql/explained-sql.ts';
import { planOfAnswer, planOfLines } from '../../../../questions/sql/plan-tree.ts';
import type { SqlAnswer } from '../../../../questions/sql/sql-answer.ts';
import { PLAN_OF_ARCHIVE, SQL_ENGINES, type SqlEngine, USUAL_ENGINE } from '../../../../questions/sql/sql-engine.ts';
import { namedParameters } from '../../../../questions/sql/sql-parameters.ts';
import { writtenValue } from '../../../../questions/sql/written-value.ts';
import { QueryEnded, QueryRefused } from '../../parts/sql/query-fault.tsx';
import { PlanResult } from '../../parts/sql/query-plan.tsx';
import { downloadsOfSql, QueryResult, summaryOf } from '../../parts/sql/result-grid.tsx';
import { offerChart } from '../chart/offer-chart.ts';
import { askServer, isRefusal, type Question, type Refusal } from './ask-server.ts';
import { type Editor, openEditor } from './editor.ts';
import { openHistory } from './history.ts';
import { openProgress } from './progress.ts';
import { offerNames, readSchema } from './schema.ts';
import { offerLink, pathOfForm } from './share-link.ts';
import { keepValueFields } from './value-fields.ts';

type Mode = 'rows' | 'plan';

/**
 * Lets people ask many questions without leaving the page. Adds an editor to the page's form, and shows each new answer
 * in place of the result that the server sent.
 */
export function openWorkbench(form: HTMLFormElement, schema: Element): void {
  const field = form.querySelector<HTMLTextAreaElement>('textarea[name=sql]');
  const place = form.querySelector('#values');
  const bar = form.querySelector('.bar');
  if (!field || !place || !bar) return;
  const keepFields = keepValueFields(place);
  offerLink(bar, form, (sentence) => progress.say(sentence));
  const progress = openProgress(bar);
  const run = (mode: Mode, isNew = true) => void ask({ form, editor, progress, history, mode, isNew });
  const editor = openEditor(field, {
    tables: readSchema(schema),
    onRun: () => form.requestSubmit(),
    onChange: keepFields,
  });
  const history = openHistory(schema.parentElement ?? form, editor.setText);
  offerNames(schema, editor.insert);
  form.querySelector('#sql-help')?.append(' Ctrl-Enter runs the query; Tab leaves the field.');
  if (matchMedia('(min-width: 64rem)').matches && schema instanceof HTMLDetailsElement) schema.open = true;
  // A question from a link on another site was not asked by the user, so it is not added to the history.
  if (field.value.trim() !== '' && !document.querySelector('[data-not-run]')) history.add(field.value);

  form.addEventListener('submit', (event) => {
    const button = event.submitter;
    // The button that saves a report leads to another page. And while the server is still sending the page, the browser
    // submits the form itself.
    if (button?.hasAttribute('formaction') || document.readyState === 'loading') return;
    event.preventDefault();
    run(button?.getAttribute('name') === 'explain' ? 'plan' : 'rows');
  });
  addEventListener('popstate', () => {
    // If only the part after the # changed, nothing runs: a link on another site may have caused it.
    if (location.pathname + location.search === shown) return;
    shown = location.pathname + location.search;
    const query = new URLSearchParams(location.search);
    editor.setText(query.get('sql') ?? '');
    for (const own of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('#values input, select'))
      own.value = query.get(own.name) ?? (own.name === 'engine' ? USUAL_ENGINE : own.value);
    if (editor.text().trim() !== '') run(query.has('explain') ? 'plan' : 'rows', false);
  });
  const markServers = () => {
    const offset = document.querySelector<HTMLElement>('#result [data-offset]')?.dataset.offset;
    if (offset !== undefined) editor.markFault(Number(offset));
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', markServers);
  else markServers();
}

interface Asking {
  form: HTMLFormElement;
  editor: Editor;
  progress: ReturnType<typeof openProgress>;
  history: ReturnType<typeof openHistory>;
  mode: Mode;
  /** False after a step back in the browser: the question is then not added to the browser's history again. */
  isNew: boolean;
}

let running: AbortController | undefined;
/** The address of the question that the page shows. */
let shown = location.pathname + location.search;

async function ask({ form, editor, progress, history, mode, isNew }: Asking): Promise<void> {
  const sql = editor.text();
  if (sql.trim() === '') return progress.say('There is no question yet.');
  if (mode === 'plan' && engineOf(form) !== USUAL_ENGINE) return progress.say(`Explain ${PLAN_OF_ARCHIVE}.`);
  running?.abort();
  const own = new AbortController();
  running = own;
  editor.markFault(undefined);
  progress.begin(() => own.abort());
  const path = pathOfForm(form, mode === 'plan');
  if (isNew && path !== undefined && path !== location.pathname + location.search)
    window.history.pushState(null, '', path + location.hash);
  shown = location.pathname + location.search;
  history.add(sql);
  const { toOwn, ...question } = questionOf(form, sql, mode);
  try {
    const reply = await askServer(question, own.signal);
    if (isRefusal(reply)) {
      const position = reply.position && toOwn(reply.position);
      show(<Refused sql={sql} refusal={{ ...reply, position }} />);
      editor.markFault(position?.offset);
      progress.end('No answer.');
    } else {
      show(<Answered answer={reply} mode={mode} sql={sql} question={question} />);
      progress.end(mode === 'plan' ? 'Explained.' : summaryOf(reply));
    }
  } catch {
    // Another question has replaced this one, and the line now shows the progress of the new one.
    if (running !== own) return;
    progress.end(own.signal.aborted ? 'Cancelled.' : 'The server cannot be reached. Try again.');
  }
}

function questionOf(form: HTMLFormElement, sql: string, mode: Mode) {
  const fields = new FormData(form);
  const given = namedParameters(sql).map((name) => [name, writtenValue(String(fields.get(name) ?? ''), Date.now())]);
  const { sql: asked, toOwn } =
    mode === 'plan' ? explainedSql(sql, 'EXPLAIN QUERY PLAN') : { sql, toOwn: (own: Position) => own };
  const params = Object.fromEntries(given);
  return { sql: asked, engine: engineOf(form), params, limit: Number(fields.get('limit')), toOwn };
}

/** The form has no choice of engines if there is no lake. */
function engineOf(form: HTMLFormElement): SqlEngine {
  const chosen = new FormData(form).get('engine');
  return SQL_ENGINES.find((one) => one === chosen) ?? USUAL_ENGINE;
}

type Position = NonNullable<Refusal['position']>;

function Answered(props: { answer: SqlAnswer; mode: Mode; sql: string; question: Question }) {
  const { answer, mode, sql, question } = props;
  const steps = mode === 'plan' ? planOfAnswer(answer) : undefined;
  if (steps) return <PlanResult steps={steps} />;
  return <QueryResult answer={answer} downloads={downloadsOfSql(sql, question.params, question.engine)} />;
}

function Refused({ sql, refusal }: { sql: string; refusal: Refusal }) {
  const { status, message, position, plan } = refusal;
  if (status === 401) return <QueryRefused sql={sql} message="This session has ended: log in again, in another tab." />;
  if (status === 504) return <QueryEnded message={message} steps={planOfLines(plan)} />;
  return <QueryRefused sql={sql} message={message} position={position} />;
}

/** Replaces the previous result. */
function show(result: Parameters<typeof render>[0]): void {
  const holder = document.createElement('div');
  render(result, holder);
  document.querySelector('#result')?.replaceWith(...holder.childNodes);
  offerChart();
}
