import type { PassView } from '../../../src/model/coverage/passes.ts';

export interface PassEvent {
  event: string;
  view: PassView;
}

/**
 * Follows a pass by server-sent events, and resolves with all events when the stream ends. Comments in the stream are
 * left out.
 */
export async function followPass(url: string, id: string): Promise<PassEvent[]> {
  return (await beginToFollow(url, id)).events;
}

/** Begins to follow a pass, and resolves once the stream has begun; `events` resolves with all events when it ends. */
export async function beginToFollow(url: string, id: string): Promise<{ events: Promise<PassEvent[]> }> {
  const reply = await fetch(`${url}/v1/ingest/${id}`, { headers: { accept: 'text/event-stream' } });
  if (reply.status !== 200) throw new Error(`${reply.status}: ${await reply.text()}`);
  return { events: reply.text().then(eventsOf) };
}

function eventsOf(text: string): PassEvent[] {
  return text.split('\n\n').flatMap((block) => {
    const { event, data } = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s)));
    return event ? [{ event, view: JSON.parse(data) }] : [];
  });
}

/** Sends `POST /v1/ingest` and returns the reply, the sentence of a refusal, and the pass that it started or names. */
export async function askForPass(url: string): Promise<{ reply: Response; detail: string; pass: PassView }> {
  const reply = await fetch(`${url}/v1/ingest`, { method: 'POST' });
  const { pass, running, detail = '' } = JSON.parse(await reply.text());
  return { reply, detail, pass: pass ?? running };
}
