import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { OperationError } from '../../shared/errors.js';
import type { EndpointRecord } from './endpoint-record.js';

/** What a shell exits with for a program that is not there, and for one that cannot be run. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

/** The environment in which any AWS client finds the endpoint, and nothing else: no profile, no session, no endpoint of one service. */
export function endpointEnvironment(
  record: EndpointRecord,
  env: NodeJS.ProcessEnv,
  region?: string,
): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !LEADS_ELSEWHERE.test(name)));
  const chosen = region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1');
  return {
    ...kept,
    AWS_ENDPOINT_URL: record.url,
    AWS_REGION: chosen,
    AWS_DEFAULT_REGION: chosen,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    // Said, not left out: the default profile of the AWS configuration may say otherwise, and send the program to AWS.
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
    AWS_USE_FIPS_ENDPOINT: 'false',
    AWS_USE_DUALSTACK_ENDPOINT: 'false',
    // Without credentials of its own a client asks the machine it runs on, and waits for seconds where there is none to answer.
    AWS_EC2_METADATA_DISABLED: 'true',
    ...pastTheProxy(env),
    ...(record.certificateFile && {
      AWS_CA_BUNDLE: record.certificateFile,
      NODE_EXTRA_CA_CERTS: record.certificateFile,
    }),
  };
}

/** Most programs, botocore and curl among them, send even loopback through a proxy unless NO_PROXY names it. */
function pastTheProxy(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const hasProxy = Object.entries(env).some(([name, value]) => /^(https?|all)_proxy$/i.test(name) && value);
  if (!hasProxy) return {};
  const direct = [env.NO_PROXY || env.no_proxy, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
  return { NO_PROXY: direct, no_proxy: direct };
}

const LEADS_ELSEWHERE =
  /^(AWS_PROFILE|AWS_DEFAULT_PROFILE|AWS_SESSION_TOKEN|AWS_SECURITY_TOKEN|AWS_ENDPOINT_URL_\w+|AWS_ROLE_ARN|AWS_WEB_IDENTITY_TOKEN_FILE|AWS_ACCOUNT_ID|AWS_CREDENTIAL_EXPIRATION|AWS_CONTAINER_CREDENTIALS_\w+|PIPECTL_TARGET)$/;

/** The program could not be run at all; the exit code is a shell's. */
class ProgramNotRun extends OperationError {
  override readonly exitCode: number;

  constructor(program: string, code: string | undefined, cause: Error) {
    const missing = code === 'ENOENT';
    super(missing ? `There is no program ${program}.` : `${program} cannot be run (${code ?? cause.message}).`, {
      cause,
    });
    this.exitCode = missing ? NOT_FOUND : NOT_EXECUTABLE;
  }
}

/**
 * Runs a program without a shell, on this process's own terminal, and waits for its end.
 * @param onSignals is given what passes signals on; a Ctrl-C typed in a terminal reaches the program by itself
 * @returns its exit code, 128 and the signal's number if one ended it
 * @throws ProgramNotRun
 */
export function execProgram(
  [program = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  options: { inTerminal: boolean; onSignals(pass: (signalName: NodeJS.Signals) => void): void },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: 'inherit', shell: false });
    options.onSignals((signalName) => {
      if (signalName !== 'SIGINT' || !options.inTerminal) child.kill(signalName);
    });
    child.once('error', (error: NodeJS.ErrnoException) => reject(new ProgramNotRun(program, error.code, error)));
    child.once('exit', (code, signalName) => {
      resolve(code ?? 128 + (signalName ? constants.signals[signalName] : 0));
    });
  });
}
