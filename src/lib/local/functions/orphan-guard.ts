import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Kills what this process started when it dies without a word, by SIGKILL too: a spinning function cannot notice that its endpoint is
 * gone. A shell, in a session of its own, reads the process groups to watch from a pipe that this process holds; the end of the pipe is
 * the end of the groups, and on Linux of what left them for sessions of its own.
 */
export interface OrphanGuard {
  watch(groupId: number): void;
  release(groupId: number): void;
  close(): void;
}

const SCRIPT = `trap '' INT TERM HUP
groups=' '
while read -r sign id; do
  case $sign in
    +) groups="$groups$id " ;;
    -) groups="\${groups%% $id *} \${groups#* $id }" ;;
  esac
done
for id in $groups; do kill -s KILL -- "-$id" 2>/dev/null; done
if [ -d /proc/self ]; then
  for file in $(grep -alsF -- "LAMBDA_TASK_ROOT=$1/" /proc/[0-9]*/environ); do
    id=\${file#/proc/}
    kill -s KILL "\${id%/environ}" 2>/dev/null
  done
fi`;

/** @param codeFolder where all functions of this endpoint have their code, and nobody else's has */
export function createOrphanGuard(codeFolder: string): OrphanGuard {
  let shell: ChildProcess | undefined;
  const tell = (line: string): void => {
    if (shell === undefined) {
      shell = spawn('/bin/sh', ['-c', SCRIPT, 'pipectl-orphan-guard', codeFolder], {
        stdio: ['pipe', 'ignore', 'ignore'],
        detached: true,
        env: { PATH: '/usr/bin:/bin' },
      });
      shell.on('error', () => {}); // no shell, no guard: functions that listen still end with their connection
      shell.stdin?.on('error', () => {});
      shell.unref();
      (shell.stdin as unknown as { unref?(): void } | null)?.unref?.();
    }
    shell.stdin?.write(`${line}\n`);
  };
  return {
    watch: (groupId) => tell(`+ ${groupId}`),
    release: (groupId) => tell(`- ${groupId}`),
    close: () => void shell?.stdin?.end(),
  };
}
