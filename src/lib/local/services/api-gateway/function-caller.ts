import type { ServiceEnvironment } from '../../service.js';
import { AwsError } from '../../wire/aws-error.js';

export interface FunctionCall {
  /** The function's ARN, with a qualifier or without. */
  arn: string;
  payload: string | Uint8Array;
  /** The region and API that call. */
  region: string;
  /** What the function's policy must let in: `arn:aws:execute-api:…`. Undefined where a role of the API's own invokes it. */
  sourceArn: string | undefined;
  timeoutMs: number;
  isEvent?: boolean;
}

export interface FunctionEnd {
  payload: Uint8Array;
  functionError?: string | undefined;
}

/** Why a function was not run, or did not end in time. */
export class CallFailure extends Error {
  readonly reason: 'refused' | 'throttled' | 'timeout';

  constructor(reason: CallFailure['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** How long a policy that let an API in is not asked again: every request asks, and policies change seldom. */
const PERMISSION_MS = 1_000;
const MOST_PERMISSIONS = 1_000;

/** Invokes functions for APIs: checks what the function's policy lets in, and waits no longer than the integration says. */
export class FunctionCaller {
  readonly #environment: ServiceEnvironment;
  readonly #letInUntil = new Map<string, number>();

  constructor(environment: ServiceEnvironment) {
    this.#environment = environment;
  }

  /** @throws CallFailure */
  async call({ arn, payload, region, sourceArn, timeoutMs, isEvent }: FunctionCall): Promise<FunctionEnd> {
    const { calls, clock } = this.#environment;
    try {
      if (sourceArn !== undefined) await this.#check(arn, region, sourceArn);
      const running = calls(region).lambda.Invoke({
        FunctionName: arn,
        InvocationType: isEvent === true ? 'Event' : 'RequestResponse',
        Payload: payload,
      });
      let cancel = (): void => {};
      const late = new Promise<never>((_, reject) => {
        cancel = clock.after(timeoutMs, () => reject(new CallFailure('timeout', `${arn} took over ${timeoutMs} ms`)));
      });
      try {
        const { Payload = EMPTY, FunctionError } = await Promise.race([running, late]);
        return { payload: Payload, functionError: FunctionError };
      } finally {
        cancel();
        running.catch(() => {}); // its end comes too late for anybody
      }
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new CallFailure(error.code === 'TooManyRequestsException' ? 'throttled' : 'refused', error.message);
    }
  }

  async #check(arn: string, region: string, sourceArn: string): Promise<void> {
    const { accountId, clock, ports } = this.#environment;
    const key = `${arn} ${sourceArn}`;
    if ((this.#letInUntil.get(key) ?? 0) > clock.now()) return;
    const target = await ports.destination(arn);
    if (!target) throw new CallFailure('refused', `there is no function ${arn}`);
    await target.check(arn, { region, accountId, service: 'apigateway', sourceArn });
    if (this.#letInUntil.size >= MOST_PERMISSIONS) this.#letInUntil.clear();
    this.#letInUntil.set(key, clock.now() + PERMISSION_MS);
  }
}

const EMPTY = new Uint8Array();

const INVOCATION = /:lambda:path\/2015-03-31\/functions\/(arn:[^/]+)\/invocations$/;

/** The function of an integration's URI; undefined for one that means no function. A function's own ARN is one too. */
export const functionOf = (uri: string): string | undefined =>
  INVOCATION.exec(uri)?.[1] ?? (/^arn:aws[a-z-]*:lambda:/.test(uri) ? uri : undefined);

/** `${stageVariables.NAME}` replaced by the stage's values. */
export const withStageVariables = (text: string, variables: Readonly<Record<string, string>> | undefined): string =>
  text.includes('${')
    ? text.replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => variables?.[name] ?? '')
    : text;
