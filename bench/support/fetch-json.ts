/** The JSON at an address, by a connection of its own: one that is kept may be closed by the time it is wanted again. */
export async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, { headers: { connection: 'close' } });
  if (response.status !== 200) throw new Error(`${url} was answered with ${response.status}.`);
  return response.json();
}
