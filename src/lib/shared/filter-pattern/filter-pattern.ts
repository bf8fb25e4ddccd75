import type { LogMessage } from './log-message.js';

export interface FilterPattern {
  /** The pattern as it was written. */
  readonly text: string;
  readonly kind: 'everything' | 'terms' | 'json' | 'space-delimited';
  /** How many `%regex%` it holds; AWS counts them against quotas. */
  readonly regexCount: number;
  /** What its author probably did not mean, and what to write instead; for people, not for services. */
  readonly advice?: string | undefined;
  /** Whether the message matches. Pass a `LogMessage` to ask several patterns and parse the message's JSON only once. */
  matches(message: string | LogMessage): boolean;
  /** Why the message does not match: the first condition that fails, and what it found. Undefined when it does match. */
  explain(message: string): string | undefined;
  /** The values that the pattern names, as TestMetricFilter gives them: `$.path` for JSON, `$name` for space-delimited patterns. */
  extract(message: string): Record<string, string>;
}
