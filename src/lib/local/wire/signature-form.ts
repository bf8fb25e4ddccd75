// The forms of AWS's signatures. What they sign is not verified: there are no secrets here.
import type { IncomingHttpHeaders } from 'node:http';

/** `AKID/20261130/us-east-1/s3/aws4_request`; without a region for SigV4a, whose signatures hold in several. */
const SCOPE_4 = /^.+\/\d{8}\/[^/]+\/[^/]+\/aws4_request$/;
const SCOPE_4A = /^.+\/\d{8}\/[^/]+\/aws4_request$/;
const HMAC = /^[0-9a-f]{64}$/i;
/** DER of two numbers of 32 bytes. */
const ECDSA = /^(?:[0-9a-f]{2}){64,72}$/i;

interface Parts {
  algorithm: string | undefined;
  credential: string | undefined;
  signedHeaders: string | undefined;
  signature: string | undefined;
}

function isWhole({ algorithm, credential = '', signedHeaders = '', signature = '' }: Parts): boolean {
  if (signedHeaders === '') return false;
  if (algorithm === 'AWS4-HMAC-SHA256') return SCOPE_4.test(credential) && HMAC.test(signature);
  return algorithm === 'AWS4-ECDSA-P256-SHA256' && SCOPE_4A.test(credential) && ECDSA.test(signature);
}

/** S3's former signature, which old clients still send: `AWS AKID:` and a SHA-1 in base64. */
const FORMER = /^AWS [^\s:]+:[A-Za-z0-9+/]{27}=$/;

/**
 * Whether the Authorization header is a signature: `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`, or SigV4a's, or S3's former.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function isSigned({ authorization }: IncomingHttpHeaders): boolean {
  if (authorization === undefined) return false;
  const space = authorization.indexOf(' ');
  const algorithm = authorization.slice(0, space);
  if (algorithm === 'AWS') return FORMER.test(authorization);
  const values = new Map<string, string>();
  for (const part of authorization.slice(space + 1).split(',')) {
    const equals = part.indexOf('=');
    values.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  return isWhole({
    algorithm,
    credential: values.get('Credential'),
    signedHeaders: values.get('SignedHeaders'),
    signature: values.get('Signature'),
  });
}

/**
 * Whether the query is a presigned URL's: SigV4, SigV4a, or S3's former one, which boto3 still makes in us-east-1.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function isPresigned(query: readonly (readonly [name: string, value: string])[]): boolean {
  if (query.length < 3) return false;
  const values = new Map(query.map(([name, value]) => [name.toLowerCase(), value]));
  if (values.get('awsaccesskeyid'))
    return Boolean(values.get('signature')) && /^\d+$/.test(values.get('expires') ?? '');
  return isWhole({
    algorithm: values.get('x-amz-algorithm'),
    credential: values.get('x-amz-credential'),
    signedHeaders: values.get('x-amz-signedheaders'),
    signature: values.get('x-amz-signature'),
  });
}
