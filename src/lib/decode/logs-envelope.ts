// What CloudWatch Logs puts around the events that a subscription filter passes on.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
export interface LogsEnvelope {
  /** `CONTROL_MESSAGE` is a check by Logs that the destination can be reached; it carries no events of the log. */
  messageType: 'DATA_MESSAGE' | 'CONTROL_MESSAGE';
  owner: string;
  logGroup: string;
  logStream: string;
  subscriptionFilters: string[];
  logEvents: LogsEvent[];
}

export interface LogsEvent {
  id: string;
  /** Milliseconds since the epoch. */
  timestamp: number;
  message: string;
  extractedFields?: Record<string, string>;
}

/** True when a JSON value is the envelope that CloudWatch Logs delivers. */
export function isLogsEnvelope(value: unknown): value is LogsEnvelope {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as Partial<Record<keyof LogsEnvelope, unknown>>;
  return (
    (candidate.messageType === 'DATA_MESSAGE' || candidate.messageType === 'CONTROL_MESSAGE') &&
    typeof candidate.logGroup === 'string' &&
    Array.isArray(candidate.logEvents) &&
    candidate.logEvents.every(isLogsEvent)
  );
}

const isLogsEvent = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as { message?: unknown }).message === 'string';
