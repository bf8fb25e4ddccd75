// What the lines of a function's log tell of its invocations.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html

/** The request that a START line, in text or as JSON, says has begun. */
export const startedRequest = (text: string): string | undefined => requestOf(text, 'START', 'platform.start');

/** The request that a REPORT line, in text or as JSON, gives an account of: nothing of it follows. */
export const reportedRequest = (text: string): string | undefined => requestOf(text, 'REPORT', 'platform.report');

function requestOf(text: string, word: string, type: string): string | undefined {
  if (text.startsWith(`${word} RequestId: `)) return /\S+/.exec(text.slice(word.length + 12))?.[0];
  if (!text.startsWith('{') || !text.includes(`"${type}"`)) return undefined;
  return /"requestId"\s*:\s*"([^"]+)"/.exec(text)?.[1];
}

/**
 * The lines that Lambda and its runtimes write if an invocation fails, and that a function which survives an error does not write: an error
 * that the handler let through (Node.js, Python, Ruby, Go), a timeout, the end of the process. The account at the end has a status for the
 * last two; in JSON it has one for all.
 */
const FAILED = [
  /\tERROR\t(?:Invoke Error|Uncaught Exception|Unhandled Promise Rejection) /,
  /^\[ERROR\] [\w.]+(?::.*)?[\r\n]+Traceback \(most recent call last\)/s,
  /^Error raised from handler method/,
  /^\{"error(?:Message|Type)":/,
  /^\S+ [0-9a-f-]{36} Task timed out after /,
  /^RequestId: \S+ (?:Error: |Process exited)/,
  /^REPORT\b.*\bStatus: (?:error|timeout)/,
  /^\{.*"platform\.(?:report|runtimeDone)".*"status"\s*:\s*"(?:error|timeout|failure)"/s,
];

export const tellsOfFailure = (text: string): boolean => FAILED.some((pattern) => pattern.test(text));
