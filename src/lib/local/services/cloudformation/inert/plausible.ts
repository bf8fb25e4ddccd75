import { createHash } from 'node:crypto';
import { arnOf, dnsSuffixOf, partitionOf } from '../../../kit/arn.js';
import type { AttributeKind, PackedType } from '../schema/pack-format.js';
import type { Value } from '../template/value.js';

/** Ids whose form programs look at: the words in front, and what follows them. */
const ID_FORMS: Readonly<Record<string, { prefix: string; length: number; alphabet?: string }>> = {
  'AWS::ApiGateway::*': { prefix: '', length: 10, alphabet: 'abcdefghijklmnopqrstuvwxyz0123456789' },
  'AWS::ApiGatewayV2::*': { prefix: '', length: 10, alphabet: 'abcdefghijklmnopqrstuvwxyz0123456789' },
  'AWS::CloudFront::*': { prefix: 'E', length: 13, alphabet: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789' },
  'AWS::Cognito::UserPoolClient': { prefix: '', length: 26, alphabet: 'abcdefghijklmnopqrstuvwxyz0123456789' },
  'AWS::EC2::DHCPOptions': { prefix: 'dopt-', length: 17 },
  'AWS::EC2::EIP': { prefix: 'eipalloc-', length: 17 },
  'AWS::EC2::FlowLog': { prefix: 'fl-', length: 17 },
  'AWS::EC2::Instance': { prefix: 'i-', length: 17 },
  'AWS::EC2::InternetGateway': { prefix: 'igw-', length: 17 },
  'AWS::EC2::KeyPair': { prefix: 'key-', length: 17 },
  'AWS::EC2::LaunchTemplate': { prefix: 'lt-', length: 17 },
  'AWS::EC2::NatGateway': { prefix: 'nat-', length: 17 },
  'AWS::EC2::NetworkAcl': { prefix: 'acl-', length: 17 },
  'AWS::EC2::NetworkInterface': { prefix: 'eni-', length: 17 },
  'AWS::EC2::RouteTable': { prefix: 'rtb-', length: 17 },
  'AWS::EC2::SecurityGroup': { prefix: 'sg-', length: 17 },
  'AWS::EC2::SecurityGroupEgress': { prefix: 'sgr-', length: 17 },
  'AWS::EC2::SecurityGroupIngress': { prefix: 'sgr-', length: 17 },
  'AWS::EC2::Subnet': { prefix: 'subnet-', length: 17 },
  'AWS::EC2::SubnetRouteTableAssociation': { prefix: 'rtbassoc-', length: 17 },
  'AWS::EC2::VPC': { prefix: 'vpc-', length: 17 },
  'AWS::EC2::VPCEndpoint': { prefix: 'vpce-', length: 17 },
  'AWS::EC2::Volume': { prefix: 'vol-', length: 17 },
  'AWS::EFS::AccessPoint': { prefix: 'fsap-', length: 17 },
  'AWS::EFS::FileSystem': { prefix: 'fs-', length: 17 },
  'AWS::EFS::MountTarget': { prefix: 'fsmt-', length: 17 },
  'AWS::Route53::HostedZone': { prefix: 'Z', length: 20, alphabet: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789' },
};

/** Where an ARN names the service by another word than its types do. */
const ARN_SERVICES: Readonly<Record<string, string>> = {
  CertificateManager: 'acm',
  Elasticsearch: 'es',
  MSK: 'kafka',
  OpenSearchService: 'es',
  StepFunctions: 'states',
};

const HEX = '0123456789abcdef';

/** Where an inert resource is, and what its values follow from: the same seed gives the same values at every update. */
export interface Surroundings {
  type: string;
  schema: PackedType | undefined;
  region: string;
  accountId: string;
  /** The name that the resource has, or was given by CloudFormation. */
  name: string;
  seed: string;
}

/** What a property or an attribute that AWS makes up could be. */
export function plausible(attribute: string, kind: AttributeKind, about: Surroundings): Value {
  if (kind === 'integer' || kind === 'number') return 0;
  if (kind === 'boolean') return false;
  if (kind === 'json') return {};
  const text = textOf(attribute, about);
  return kind === 'list' ? [text] : text;
}

function textOf(attribute: string, about: Surroundings): string {
  const { type, region, accountId, name } = about;
  const service = (type.split('::')[1] ?? type).toLowerCase();
  const last = attribute.split('.').at(-1) ?? attribute;
  if (/arns?$/i.test(last)) return arn(about);
  if (type === 'AWS::KMS::Key' || (service === 'certificatemanager' && /id$/i.test(last))) return uuid(about.seed);
  if (type === 'AWS::Cognito::UserPool' && last === 'UserPoolId')
    return `${region}_${characters('A-Z', 9, about.seed)}`;
  if (/ip$/i.test(last)) return `10.0.${byte(about.seed, 0)}.${byte(about.seed, 1)}`;
  if (/(endpoint|domainname|dnsname|url|uri|address|host)$/i.test(last) || attribute.startsWith('Endpoint')) {
    const host = `${characters(HEX, 12, about.seed)}.${service}.${region}.${dnsSuffixOf(region)}`;
    return /ur[il]$/i.test(last) ? `https://${host}/${accountId}/${name}` : host;
  }
  if (/ids?$/i.test(last)) return id(type, `${about.seed}${attribute === 'Id' ? '' : attribute}`) ?? name;
  return name;
}

/** An id of the form that AWS has for the type; undefined where it has none that programs look at. */
function id(type: string, seed: string): string | undefined {
  const form = ID_FORMS[type] ?? ID_FORMS[type.replace(/::\w+$/, '::*')];
  return form && `${form.prefix}${characters(form.alphabet ?? HEX, form.length, seed)}`;
}

function arn({ type, schema, region, accountId, name, seed }: Surroundings): string {
  const [, product = 'custom', kind = type] = type.split('::');
  const service = ARN_SERVICES[product] ?? product.toLowerCase();
  if (type === 'AWS::SecretsManager::Secret')
    return arnOf('secretsmanager', { region, accountId }, `secret:${name}-${characters(LETTERS, 6, seed)}`);
  if (schema?.arn === undefined) return arnOf(service, { region, accountId }, `${kind.toLowerCase()}/${name}`);
  const known: Readonly<Record<string, string>> = {
    Partition: partitionOf(region),
    Region: region,
    Account: accountId,
  };
  return schema.arn.replace(/\$\{(\w+)\}/g, (_, placeholder: string) => known[placeholder] ?? name.replace(/^\//, ''));
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function characters(alphabet: string, length: number, seed: string): string {
  const from = alphabet === 'A-Z' ? LETTERS : alphabet;
  return Array.from({ length }, (_, at) => from[byte(seed, at) % from.length]).join('');
}

const byte = (seed: string, at: number): number => createHash('sha256').update(seed).digest()[at % 32] ?? 0;

function uuid(seed: string): string {
  const hex = characters(HEX, 32, seed);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}
