import { reference, textMap } from '../../project/schema-parts.js';
import { OperationError } from '../../shared/errors.js';
import type { Sender, SenderContext, SenderKind } from './sender.js';

const TIMEOUT_MS = 30_000;

/** Each event is one POST, not tried again: a text goes as text/plain, anything else as JSON, unless the headers say otherwise. */
async function openPostSender({ url, headers }: PostSpec, { resolve, signal }: SenderContext): Promise<Sender> {
  const target = await resolve(url);
  if (!URL.canParse(target)) throw new OperationError(`"${target}" is not a URL to post to.`);
  const own = new Headers();
  for (const [name, value] of Object.entries(headers)) own.set(name, await resolve(value));
  return {
    via: `POST ${new URL(target).origin}${new URL(target).pathname}`,
    async send({ payload }) {
      const text = typeof payload === 'string';
      const all = new Headers({ 'content-type': text ? 'text/plain; charset=utf-8' : 'application/json' });
      for (const [name, value] of own) all.set(name, value);
      const response = await fetch(target, {
        method: 'POST',
        headers: all,
        body: text ? payload : JSON.stringify(payload),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      }).catch((error: Error) => {
        throw new Error(error.cause instanceof Error ? error.cause.message : error.message, { cause: error });
      });
      const body = await response.text();
      if (!response.ok) throw new Error(`HTTP ${response.status} ${body.slice(0, 200)}`.trim());
      return undefined;
    },
  };
}

export interface PostSpec {
  kind: 'post';
  url: string;
  headers: Record<string, string>;
}

export const postSender: SenderKind<PostSpec> = {
  key: 'post',
  help: 'Sends by POST to this URL.',
  value: reference,
  beside: { headers: textMap.describe('With "post"; values may be references.') },
  toSpec: (url, { headers }) => ({ kind: 'post', url, headers: textMap.optional().parse(headers) ?? {} }),
  open: openPostSender,
  describe: ({ url }) => `POST ${url}`,
  outside: true,
};
