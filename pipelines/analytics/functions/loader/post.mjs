const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 100;
const TIMEOUT_MS = 10_000;

/**
 * Posts lines as NDJSON. What may pass (no answer, 429, 5xx) is tried four times in all, each pause twice the one before with jitter, or as
 * long as Tinybird asks for in Retry-After; not when no time is left to wait for the answer.
 * https://www.tinybird.co/docs/api-reference/events-api tells what the answers mean.
 * @param remainingMs how much time the invocation still has
 * @returns `refusal`: why they were not taken; undefined when they were. `quarantined`: rows that were taken and do not fit the table, which
 * Tinybird keeps aside. `partly`: they may be in one table and not in another (422), so that trying again would double them.
 */
export async function post(url, token, lines, remainingMs) {
  const body = `${lines.join('\n')}\n`;
  for (let attempt = 1; ; attempt += 1) {
    const { passing, afterMs, ...outcome } = await tryOnce(url, token, body);
    if (!passing || attempt === ATTEMPTS) return outcome;
    const pauseMs = Math.max(afterMs, FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
    if (remainingMs() < pauseMs + TIMEOUT_MS) return outcome;
    await pause(pauseMs);
  }
}

async function tryOnce(url, token, body) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) return { passing: false, quarantined: quarantinedRows(text) };
    const { status, headers } = response;
    return {
      refusal: `HTTP ${status} ${text.slice(0, 200)}`.trim(),
      partly: status === 422,
      passing: status === 429 || status >= 500,
      afterMs: (Number(headers.get('retry-after')) || 0) * 1000,
    };
  } catch (error) {
    return { refusal: error.cause?.message ?? error.message, passing: true, afterMs: 0 };
  }
}

/** `{"successful_rows":2,"quarantined_rows":0}`; an answer that says nothing of it says that all is well. */
function quarantinedRows(text) {
  try {
    return JSON.parse(text).quarantined_rows ?? 0;
  } catch {
    return 0;
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
