import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Kills what this process started when it dies without a word, by SIGKILL too: a spinning function cannot notice that its endpoint is
 * gone. A shell, in a session of its own, reads the process groups to watch from a pipe that this process holds; the end of the pipe is
 * the end of the groups.
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
for id in $groups; do kill -s KILL -- "-$id" 2>/dev/null; done`;

export function createOrphanGuard(): OrphanGuard {
  let shell: ChildProcess | undefined;
  const tell = (line: string): void => {
    if (shell === undefined) {
      shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env: {} });
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
