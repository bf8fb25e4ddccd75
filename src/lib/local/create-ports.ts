import type { DeferredService } from './defer-service.js';
import { type Arn, parseArn } from './kit/arn.js';
import type { Ports } from './ports.js';
import type { LocalService } from './service.js';
import type { ServiceId } from './wire/handlers.js';
import { catalog } from './wire/service-model.js';

/** The ports that the endpoint's services offer, by the ARNs that they own. */
export function createPorts(services: ReadonlyMap<ServiceId, DeferredService>): Ports {
  const find = async <Port extends { accepts(arn: Arn): boolean }>(
    text: string,
    portsOf: (service: LocalService<ServiceId>) => readonly Port[] | undefined,
  ): Promise<Port | undefined> => {
    const arn = parseArn(text);
    if (!arn) return undefined;
    for (const { id, signing } of catalog) {
      // An ARN names a service as signatures do (`logs`), or by the name of its client (`cloudwatch`).
      if (signing !== arn.service && id !== arn.service) continue;
      const service = await services.get(id as ServiceId)?.load();
      const found = service && portsOf(service)?.find((port) => port.accepts(arn));
      if (found) return found;
    }
    return undefined;
  };
  return {
    eventSource: (arn) => find(arn, ({ eventSources }) => eventSources),
    destination: (arn) => find(arn, ({ destinations }) => destinations),
  };
}
