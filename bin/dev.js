#!/usr/bin/env node
// Runs the sources without a build: for working on pipectl itself.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('../src/main.ts');
await main(process.argv.slice(2));
