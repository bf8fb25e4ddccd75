/** The request that a START line, in text or as JSON, says has begun. */
export function startedRequest(text: string): string | undefined {
  const plain = /^START RequestId: (\S+)/.exec(text);
  if (plain) return plain[1];
  if (!text.includes('"platform.start"')) return undefined;
  return /"requestId"\s*:\s*"([^"]+)"/.exec(text)?.[1];
}
