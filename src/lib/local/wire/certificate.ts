// The self-made certificate of `--tls`. Clients accept no wildcard below `localhost` itself, so names below it are LocalStack's.
import { generate } from 'selfsigned';

export async function makeCertificate(): Promise<{ key: string; cert: string }> {
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 2, value: 'localhost.localstack.cloud' },
          { type: 2, value: '*.localhost.localstack.cloud' },
          { type: 2, value: '*.s3.localhost.localstack.cloud' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { key: pems.private, cert: pems.cert };
}
