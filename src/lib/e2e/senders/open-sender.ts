import type { SenderSpec } from '../check-file/check.js';
import { openInvokeSender } from './open-invoke-sender.js';
import { openPostSender } from './open-post-sender.js';
import { openPutSender } from './open-put-sender.js';
import type { Sender, SenderContext } from './sender.js';

/** Opens the way in. Adding a sender: its file, its line here, its key in the project file's schema. */
export function openSender(spec: SenderSpec, context: SenderContext): Promise<Sender> {
  switch (spec.kind) {
    case 'invoke':
      return openInvokeSender(spec.functionName, context);
    case 'put':
      return openPutSender(spec.stream, context);
    case 'post':
      return openPostSender(spec.url, spec.headers, context);
  }
}
