/** One version of a function, as much as a process that runs it must know. Two specs with the same `key` may share a process. */
export interface FunctionSpec {
  /** Names code and configuration; changes with either. */
  key: string;
  /** Unqualified. */
  arn: string;
  name: string;
  /** `$LATEST` or a number. */
  version: string;
  region: string;
  /** `nodejs22.x`, `python3.13`, `provided.al2023`. */
  runtime: string;
  handler: string;
  /** A command line that runs instead of the runtime's own program, and speaks the Runtime API. */
  command?: string;
  /** The unpacked code: LAMBDA_TASK_ROOT. */
  codeDir: string;
  /** The merged layers (`/opt` on AWS), when there are any. */
  layersDir?: string;
  timeoutMs: number;
  memoryMb: number;
  environment: Readonly<Record<string, string>>;
  logGroup: string;
  logFormat: 'Text' | 'JSON';
  /** Only with JSON: the least level of the function's own lines, and of the platform's. */
  applicationLogLevel: string;
  systemLogLevel: string;
}

/** One invocation, as it reaches the function. */
export interface Invocation {
  requestId: string;
  payload: Uint8Array;
  /** With the qualifier the caller used. */
  invokedArn: string;
  /** The caller's client context, JSON text. */
  clientContext?: string;
  /** The X-Ray header: the caller's, handed on as it is, or one of the endpoint's. */
  traceId: string;
  /** Kills the process instead of handing it the invocation, as a crash at its very first step would: a fault for tests. */
  crash?: boolean;
}

/** What came of it. */
export interface Outcome {
  payload: Uint8Array;
  /** Set when the function did not succeed; the payload then holds the error. AWS says `Unhandled` whatever it was. */
  functionError?: 'Unhandled';
  /** The media type that the function gave its answer; only a streamed answer differs from JSON. */
  contentType: string;
  /** The end of this invocation's log, at most 4 KB: what LogType Tail answers. */
  logTail: string;
  durationMs: number;
}
