import { type LocalService, perRegion, type ServiceEnvironment } from '../../service.js';
import { manageParameters } from './manage-parameters.js';
import { putParameter } from './put-parameter.js';
import { readParameters } from './read-parameters.js';
import type { Parameters } from './ssm-state.js';

/** Systems Manager's Parameter Store, and nothing else of it. */
export function createSsm({ clock }: ServiceEnvironment): LocalService<'ssm'> {
  const state = perRegion((): Parameters => new Map());
  const parametersIn = (region: string): Parameters => state.in(region);
  return {
    handlers: {
      ...readParameters(parametersIn),
      ...manageParameters(parametersIn),
      PutParameter: putParameter(parametersIn, clock),
    },
  };
}
