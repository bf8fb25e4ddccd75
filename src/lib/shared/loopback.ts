const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]', 'localhost.localstack.cloud']);
const LOOPBACK_SUFFIXES = ['.localhost', '.localhost.localstack.cloud'];

/** Whether a host name, in lower case and without a port, can only be this machine's own. */
export const isLoopbackName = (host: string): boolean =>
  LOOPBACK_NAMES.has(host) || LOOPBACK_SUFFIXES.some((suffix) => host.endsWith(suffix));
