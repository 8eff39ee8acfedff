/** Waits until the condition is true, and checks it every few milliseconds. Rejects after the given time. */
export async function until(condition: () => boolean | Promise<boolean>, patienceMs = 20_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`The condition did not come true within ${patienceMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
