import { AwsError } from '../../wire/aws-error.js';

const MOST_LEVELS = 15;

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
export function checkName(name: string): void {
  const refuse = (why: string): never => {
    throw new AwsError('ValidationException', why);
  };
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(name)) {
    refuse(
      `Parameter name: can't be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_`,
    );
  }
  if (name.includes('/') && !name.startsWith('/')) refuse('Parameter name must be a fully qualified name.');
  if (/^\/?(?:aws|ssm)/i.test(name)) {
    refuse(
      /^\/?aws/i.test(name)
        ? `No access to reserved parameter name: ${name}.`
        : `Parameter name: can't be prefixed with "ssm" (case-insensitive).`,
    );
  }
  if (name.split('/').length - 1 > MOST_LEVELS) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `A hierarchy can have a maximum of ${MOST_LEVELS} levels. For more information, see Requirements and constraints for parameter names in the AWS Systems Manager User Guide.`,
    );
  }
  if (name.endsWith('/')) refuse('Parameter name must not end with slash.');
}
