/**
 * A short stable name for a text, 16 hexadecimal digits: FNV-1a with 64 bits
 * (https://datatracker.ietf.org/doc/html/draft-eastlake-fnv). For telling findings apart, not for secrets.
 */
export function digest(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
