/** Returns the JSON at an address. It uses a connection of its own, since a kept one may be closed by the next use. */
export async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, { headers: { connection: 'close' } });
  if (response.status !== 200) throw new Error(`${url} was answered with ${response.status}.`);
  return response.json();
}
