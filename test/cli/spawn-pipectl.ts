import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../bin/dev.js', import.meta.url));

export interface Spawned {
  child: ChildProcess;
  /** Everything so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves once `text` has been on stdout or stderr; rejects when the program ends without it. */
  says(text: string): Promise<void>;
  ended: Promise<{ exitCode: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
}

/** A state folder of its own, so that no test meets another's endpoints, nor the developer's. */
export const newStateFolder = (): string => mkdtempSync(join(tmpdir(), 'pipectl-state-'));

/** The environment of a person who has set nothing. */
export function cleanEnvironment(stateFolder: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: stateFolder, PIPECTL_STATE_DIR: stateFolder, ...more };
}

/** Runs the program itself, as a process. */
export function spawnPipectl(argv: string[], env: NodeJS.ProcessEnv, cwd?: string): Spawned {
  const child = spawn(process.execPath, [BIN, ...argv], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });
  let out = '';
  let err = '';
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', (chunk) => {
    out += chunk;
    tell();
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
    tell();
  });
  const ended = new Promise<Awaited<Spawned['ended']>>((resolve) => {
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, stdout: out, stderr: err }));
  });
  return {
    child,
    stdout: () => out,
    stderr: () => err,
    ended,
    says: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (!out.includes(text) && !err.includes(text)) return;
          listeners.delete(check);
          resolve();
        };
        listeners.add(check);
        check();
        void ended.then(() => reject(new Error(`ended without saying "${text}":\n${out}\n${err}`)));
      }),
  };
}

export const runPipectl = (argv: string[], env: NodeJS.ProcessEnv, cwd?: string): Spawned['ended'] => {
  const spawned = spawnPipectl(argv, env, cwd);
  spawned.child.stdin?.end();
  return spawned.ended;
};
