/** Which cloud a command talks to, decided in one place (`resolveTarget`) and shown by `--verbose`. */
export interface Target {
  kind: 'local' | 'localstack' | 'aws' | 'endpoint';
  /** Absent only for AWS itself, where the SDK chooses the endpoint of the region. */
  endpointUrl: string | undefined;
  /** The certificate to trust, in PEM, where the endpoint's own is self-made. */
  certificate?: string;
  region: string;
  /** For AWS: the named profile, if one was asked for. Other targets take `test`/`test` unless the environment has credentials. */
  profile: string | undefined;
  /** What decided it, for `--verbose`: a flag, a variable, the file, or the default. */
  why: string;
}

/** A target as a message names the place of a resource: `us-east-1 at http://127.0.0.1:4566`, `eu-west-1 on AWS`. */
export const whereOf = ({ region, endpointUrl }: Target): string =>
  endpointUrl === undefined ? `${region} on AWS` : `${region} at ${endpointUrl}`;
