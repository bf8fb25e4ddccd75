import type { CodeUse } from '../../functions/code-store.js';
import type { FunctionHost } from '../../functions/function-host.js';
import type { LambdaStore } from './lambda-store.js';

const EVERY_MS = 60_000;

/** Lets go, now and then, of packages that no version, no layer and no process needs any more. */
export function sweepCode({ environment, regions, code }: LambdaStore, host: FunctionHost): { close(): void } {
  let cancel = (): void => {};
  const wait = (): void => {
    cancel = environment.clock.after(EVERY_MS, () => {
      const running = host.inUse().map(({ codeDir }) => codeDir);
      code.sweep(codeUses(regions), running).catch((error: unknown) => {
        environment.log(`code of functions was not removed: ${error instanceof Error ? error.message : error}`);
      });
      wait();
    });
  };
  wait();
  return { close: () => cancel() };
}

function* codeUses(regions: LambdaStore['regions']): Generator<CodeUse> {
  for (const { functions, layers } of regions.all()) {
    for (const { latest, published } of functions.values()) {
      for (const version of [latest, ...published]) {
        yield { codeSha256: version.codeSha256, layers: version.layers.map(({ codeSha256 }) => codeSha256) };
      }
    }
    for (const { versions } of layers.values()) {
      for (const { codeSha256 } of versions) yield { codeSha256, layers: [] };
    }
  }
}
