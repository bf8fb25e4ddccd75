/**
 * How an answer is framed and sent is never the function's to say. AWS hands on what it says of that under other names:
 * https://github.com/cargo-lambda/cargo-lambda/issues/862
 */
const FRAMING: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The name that a header of a function's answer goes out under, in lower case. */
export function nameOf(name: string): string {
  const lower = name.toLowerCase();
  return FRAMING.has(lower) ? `x-amzn-remapped-${lower}` : lower;
}
