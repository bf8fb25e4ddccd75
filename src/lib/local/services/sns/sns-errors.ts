import { AwsError } from '../../wire/aws-error.js';

export const invalidParameter = (detail: string): AwsError =>
  new AwsError('InvalidParameterException', `Invalid parameter: ${detail}`);

export const noSuchTopic = (): AwsError => new AwsError('NotFoundException', 'Topic does not exist', { status: 404 });

export const noSuchSubscription = (): AwsError =>
  new AwsError('NotFoundException', 'Subscription does not exist', { status: 404 });
