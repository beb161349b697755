/** From this length on, eight shown characters still leave most of the key id hidden. */
const LONG_ENOUGH_TO_SHOW_ENDS = 16;

/**
 * The form in which a key id may be shown to people: `LTAI****9xYz`, enough to tell two keys apart in a log.
 * A key id is no secret by itself, but whoever collects logs has no need of it in full.
 */
export function maskAccessKeyId(accessKeyId: string): string {
  return accessKeyId.length >= LONG_ENOUGH_TO_SHOW_ENDS
    ? `${accessKeyId.slice(0, 4)}****${accessKeyId.slice(-4)}`
    : '****';
}
