/** What S3 leaves out; OMISSIONS.md is written from these lines. */
export const S3_GAPS: readonly string[] = [
  '**No versions.** Versioning is remembered and reported; an object has one version, `null`.',
  "**No access control**, but for reads without a signature: an object is read so if its bucket's policy allows `s3:GetObject` to everybody without a condition, and RestrictPublicBuckets is off; ACLs are not looked at. Policies, public access blocks, ownership and CORS are kept and given back; signatures and the expiry of presigned URLs are not checked. Uploads by browser forms (POST) are an unknown operation.",
  '**No life of their own.** Lifecycle rules and encryption settings are kept and change nothing; notifications, replication, inventory, analytics, object lock, website hosting and Select answer 501.',
  "**Checksums** CRC32, CRC32C, SHA-1 and SHA-256 are computed and verified, in headers and in trailers. CRC64NVME is kept as it came in a header. A multipart object's checksum is the composite one.",
];
