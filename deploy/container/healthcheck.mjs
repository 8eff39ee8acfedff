// Ends with 0 if the server of this container answers /healthz within three seconds, else with 1 and a sentence. It
// runs twice a minute, so it loads nothing of the program: a command of the program takes twice as long to start.
const PATIENCE_MS = 3000;
const url = `http://127.0.0.1:${process.env.SSM_ARCHIVE_PORT || 8420}/healthz`;

try {
  const { status } = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (status !== 200) fail(`it answered ${status}`);
} catch (error) {
  fail(error.name === 'TimeoutError' ? `no answer within ${PATIENCE_MS} ms` : (error.cause?.message ?? error.message));
}
process.exit();

function fail(why) {
  console.log(`${url} is not well: ${why}.`);
  process.exit(1);
}
