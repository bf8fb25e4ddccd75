const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 100;
const TIMEOUT_MS = 10_000;

/**
 * Posts lines as NDJSON. What may pass (no answer, 429, 5xx) is tried four times in all, each pause twice the one before, with jitter.
 * Answers nothing when they were taken, else why not.
 */
export async function post(url, token, lines) {
  const body = `${lines.join('\n')}\n`;
  for (let attempt = 1; ; attempt += 1) {
    const { refusal, passing } = await tryOnce(url, token, body);
    if (refusal === undefined || !passing || attempt === ATTEMPTS) return refusal;
    await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
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
    if (response.ok) return { refusal: undefined, passing: false };
    const refusal = `HTTP ${response.status} ${text.slice(0, 200)}`.trim();
    return { refusal, passing: response.status === 429 || response.status >= 500 };
  } catch (error) {
    return { refusal: error.cause?.message ?? error.message, passing: true };
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
