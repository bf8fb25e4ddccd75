import { AwsError } from '../../wire/aws-error.js';
import type { LogGroup } from './log-group.js';

const MOST_REGEX_FILTERS = 5;

/** "Each log group supports a maximum of 5 filter patterns containing regex", metric and subscription filters together. */
export function checkRegexes(group: LogGroup, name: string, regexCount: number): void {
  if (regexCount === 0) return;
  const filters = [...group.subscriptionFilters.values(), ...group.metricFilters.values()];
  const others = filters.filter((filter) => filter.filterName !== name && filter.pattern.regexCount > 0);
  if (others.length >= MOST_REGEX_FILTERS) throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
}
