// What IAM keeps: stored and given back, enforced nowhere.
import type { Clock } from '../../../shared/clock.js';
import { AwsError } from '../../wire/aws-error.js';

export interface Role {
  name: string;
  path: string;
  id: string;
  arn: string;
  createDate: Date;
  assumeRolePolicyDocument: string;
  description: string | undefined;
  maxSessionDuration: number;
  permissionsBoundaryArn: string | undefined;
  tags: Map<string, string>;
  inlinePolicies: Map<string, string>;
  /** Names of managed policies by their ARNs. */
  attachedPolicies: Map<string, string>;
}

export interface ManagedPolicy {
  name: string;
  path: string;
  id: string;
  arn: string;
  createDate: Date;
  updateDate: Date;
  description: string | undefined;
  tags: Map<string, string>;
  versions: { id: string; document: string; createDate: Date }[];
  defaultVersionId: string;
  /** Numbers the versions; a deleted version's number is not used again. */
  versionsMade: number;
}

export interface InstanceProfile {
  name: string;
  path: string;
  id: string;
  arn: string;
  createDate: Date;
  roleNames: string[];
  tags: Map<string, string>;
}

/** IAM has no regions: there is one of these in an endpoint. */
export class IamState {
  readonly #clock: Clock;
  /** By lower-case name: names that differ only in case are the same to IAM. */
  readonly #roles = new Map<string, Role>();
  readonly #profiles = new Map<string, InstanceProfile>();
  readonly policies = new Map<string, ManagedPolicy>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** IAM's dates have no fractions of a second. */
  now(): Date {
    return new Date(Math.floor(this.#clock.now() / 1000) * 1000);
  }

  roles(): Role[] {
    return [...this.#roles.values()];
  }

  /** The roles that a managed policy is attached to. */
  rolesWith(policyArn: string): Role[] {
    return this.roles().filter((role) => role.attachedPolicies.has(policyArn));
  }

  profiles(): InstanceProfile[] {
    return [...this.#profiles.values()];
  }

  /** @throws AwsError NoSuchEntityException */
  role(name: string): Role {
    const role = this.#roles.get(name.toLowerCase());
    if (role?.name !== name) throw noSuchEntity(`The role with name ${name} cannot be found.`);
    return role;
  }

  /** @throws AwsError EntityAlreadyExistsException */
  addRole(role: Role): void {
    if (this.#roles.has(role.name.toLowerCase())) throw alreadyExists(`Role with name ${role.name} already exists.`);
    this.#roles.set(role.name.toLowerCase(), role);
  }

  removeRole(role: Role): void {
    this.#roles.delete(role.name.toLowerCase());
  }

  /** @throws AwsError NoSuchEntityException */
  profile(name: string): InstanceProfile {
    const profile = this.#profiles.get(name.toLowerCase());
    if (profile?.name !== name) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
    return profile;
  }

  /** @throws AwsError EntityAlreadyExistsException */
  addProfile(profile: InstanceProfile): void {
    const key = profile.name.toLowerCase();
    if (this.#profiles.has(key)) throw alreadyExists(`Instance Profile ${profile.name} already exists.`);
    this.#profiles.set(key, profile);
  }

  removeProfile(profile: InstanceProfile): void {
    this.#profiles.delete(profile.name.toLowerCase());
  }

  /** @throws AwsError NoSuchEntityException */
  policy(arn: string): ManagedPolicy {
    const policy = this.policies.get(arn);
    if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`);
    return policy;
  }
}

export const noSuchEntity = (message: string): AwsError => new AwsError('NoSuchEntityException', message);
export const alreadyExists = (message: string): AwsError => new AwsError('EntityAlreadyExistsException', message);
export const deleteConflict = (message: string): AwsError => new AwsError('DeleteConflictException', message);

/**
 * Policies go out percent-encoded (RFC 3986), and come in as JSON.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html
 */
export const encodeDocument = (document: string): string =>
  encodeURIComponent(document).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** @throws AwsError MalformedPolicyDocumentException for what is not a policy in JSON */
export function checkDocument(document: string): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    throw new AwsError('MalformedPolicyDocumentException', 'This policy contains invalid Json');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed) || !Object.hasOwn(parsed, 'Statement')) {
    throw new AwsError('MalformedPolicyDocumentException', 'Syntax errors in policy.');
  }
}
