/** The account as S3 names it: the canonical user id has 64 hexadecimal digits, and is the same for one account everywhere. */
export const ownerOf = (accountId: string): { ID: string; DisplayName: string } => ({
  ID: accountId.repeat(6).slice(0, 64).padEnd(64, '0'),
  DisplayName: accountId,
});
