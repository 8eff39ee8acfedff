/**
 * Returns the JSON at an address. Uses a new connection each time, because the server may close an idle one before the
 * next use.
 */
export async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, { headers: { connection: 'close' } });
  if (response.status !== 200) throw new Error(`${url} was answered with ${response.status}.`);
  return response.json();
}
