// Our endpoint as a process of its own, as the peer is: `node --import tsx serve.ts PORT`.
import { startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { makeHeapRoomy } from '../../src/lib/shared/roomy-heap.js';

makeHeapRoomy(); // as the background process does

const endpoint = await startEndpoint({ port: Number(process.argv[2]), limits: 'off' });
process.once('SIGTERM', async () => {
  await endpoint.close();
  process.exit(0);
});
