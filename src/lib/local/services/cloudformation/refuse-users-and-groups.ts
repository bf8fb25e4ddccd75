import { TemplateFault } from './run/failure-reason.js';

/** @throws TemplateFault where a policy is to be on what this endpoint's IAM has not, before any of it is made */
export function refuseUsersAndGroups({ Users = [], Groups = [] }: { Users?: string[]; Groups?: string[] }): void {
  const names = [...Users, ...Groups];
  if (names.length > 0)
    throw new TemplateFault(`This endpoint's IAM has roles, and neither users nor groups: ${names.join(', ')}.`);
}
