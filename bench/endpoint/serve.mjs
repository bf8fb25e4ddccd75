// Our endpoint as a process of its own, compiled, limits off: what the peers are too.
// usage: node serve.mjs COMPILED_LIB PORT
const [, , lib, port] = process.argv;
const { makeHeapRoomy } = await import(`${lib}/shared/roomy-heap.js`); // as the background process does
makeHeapRoomy();
const { startEndpoint } = await import(`${lib}/local/start-endpoint.js`);
const endpoint = await startEndpoint({ port: Number(port), limits: 'off' });
process.once('SIGTERM', async () => {
  await endpoint.close();
  process.exit(0);
});
