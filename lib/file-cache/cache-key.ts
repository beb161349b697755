import { randomBytes, scrypt } from 'node:crypto';

/** A passphrase, or a key of 32 bytes as it is. */
export type CacheKeyMaterial = string | Uint8Array;

/** AES-256. */
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** OWASP's recommendation for scrypt: 128 MiB of memory would be its first choice; this is its second, with 32 MiB. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };

/** The keys that records are sealed with. A passphrase is stretched once for each salt, since that takes long by design. */
export class CacheKey {
  /** How the key comes about, as records say it. */
  readonly kind: 'scrypt' | 'raw';
  /** The salt of the records that this process writes. */
  readonly salt = randomBytes(SALT_BYTES);
  readonly #material: CacheKeyMaterial;
  readonly #keys = new Map<string, Promise<Uint8Array>>();

  /** @throws TypeError for an empty passphrase, or a key of another length */
  constructor(material: CacheKeyMaterial) {
    if (typeof material === 'string' ? material === '' : material.length !== KEY_BYTES) {
      throw new TypeError(`the key must be a passphrase or ${KEY_BYTES} bytes`);
    }
    this.#material = material;
    this.kind = typeof material === 'string' ? 'scrypt' : 'raw';
  }

  /** The key of records with the given salt. */
  async forSalt(salt: Uint8Array): Promise<Uint8Array> {
    const material = this.#material;
    if (typeof material !== 'string') return material;
    const name = Buffer.from(salt).toString('base64');
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key = new Promise<Uint8Array>((resolve, reject) => {
      scrypt(material.normalize('NFC'), salt, KEY_BYTES, SCRYPT, (error, derived) =>
        error === null ? resolve(derived) : reject(error),
      );
    });
    this.#keys.set(name, key);
    return key;
  }
}
