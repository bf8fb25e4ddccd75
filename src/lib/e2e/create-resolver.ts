import { parseReference } from '../project/reference.js';
import { OperationError, UsageError } from '../shared/errors.js';
import { nearMatches } from '../shared/near-matches.js';
import { resolveExport } from '../stack/resolve-export.js';
import { stackOutputs } from '../stack/stack-outputs.js';
import type { Clients } from '../target/clients.js';
import type { RunningRecorder } from './recorder/recorder.js';

/** Looks up the values of references, each once. */
export interface Resolver {
  /** Plain text is its own value. @throws OperationError or UsageError when there is nothing of that name */
  resolve(text: string): Promise<string>;
  /** Forgets what was looked up: a deploy may have changed it. */
  forget(): void;
}

export function createResolver(
  clients: Clients,
  recorders: ReadonlyMap<string, RunningRecorder>,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Resolver {
  const known = new Map<string, Promise<string>>();

  const lookUp = async (text: string): Promise<string> => {
    const reference = parseReference(text);
    if (!reference || 'malformed' in reference) return text;
    switch (reference.kind) {
      case 'export':
        return resolveExport(clients, reference.name, signal);
      case 'output':
        return resolveOutput(clients, reference.stack, reference.key, signal);
      case 'recorder': {
        const recorder = recorders.get(reference.name);
        if (recorder) return recorder.url;
        throw new UsageError(`${text}: this check has no recorder of that name.`, {
          hint: `Add it under "recorders:".`,
        });
      }
      case 'env': {
        const value = environment[reference.name];
        if (value !== undefined) return value;
        throw new UsageError(`${text}: the environment has no ${reference.name}.`, {
          hint: `Set it: ${reference.name}=… pipectl e2e`,
        });
      }
    }
  };

  return {
    resolve(text) {
      const value = known.get(text) ?? lookUp(text);
      known.set(text, value);
      value.catch(() => known.delete(text));
      return value;
    },
    forget: () => known.clear(),
  };
}

async function resolveOutput(clients: Clients, stack: string, key: string, signal: AbortSignal): Promise<string> {
  const outputs = await stackOutputs(clients, stack, signal);
  const found = outputs.find((output) => output.key === key);
  if (found) return found.value;
  const keys = outputs.map((output) => output.key);
  const near = nearMatches(key, keys, 1)[0];
  throw new OperationError(`The stack ${stack} has no output "${key}".`, {
    hint: near ? `Did you mean "${near}"?` : `It has ${keys.join(', ') || 'none'}.`,
  });
}
