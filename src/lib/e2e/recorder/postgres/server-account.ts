import { readFileSync } from 'node:fs';

/** Whose account a Postgres server runs by. */
export interface Account {
  uid: number;
  gid: number;
}

/** Postgres refuses to run as root, so root runs it as nobody. @returns undefined if it runs by the account of pipectl itself */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  return { uid: Number(line?.[1] ?? 65_534), gid: Number(line?.[2] ?? 65_534) };
}
