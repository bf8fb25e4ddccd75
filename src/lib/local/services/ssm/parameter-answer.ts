import { encrypt } from './encrypt.js';
import type { Parameter, ParameterVersion } from './ssm-state.js';

interface Asked {
  WithDecryption?: boolean | undefined;
}

/** A SecureString comes in clear text only if decryption is asked for: a caller that forgot it finds out here. */
export const shownValue = ({ WithDecryption: inClear = false }: Asked, { type, value }: ParameterVersion): string =>
  type === 'SecureString' && !inClear ? encrypt(value) : value;

/** A parameter as the operations that read values answer it. */
export const answerParameter = (asked: Asked, parameter: Parameter, version: ParameterVersion, selector?: string) => ({
  Name: parameter.name,
  Type: version.type,
  Value: shownValue(asked, version),
  Version: version.version,
  Selector: selector,
  LastModifiedDate: version.lastModified,
  ARN: parameter.arn,
  DataType: version.dataType,
});
