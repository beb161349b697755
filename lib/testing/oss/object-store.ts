import { createHash } from 'node:crypto';

/** An object as it is kept. */
export interface StoredObject {
  readonly name: string;
  readonly body: Buffer;
  /** Lower-case hex. */
  readonly md5: string;
  /** With its quotes, as in the ETag header. */
  readonly etag: string;
  /** Content headers and user metadata, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly lastModifiedAt: number;
  readonly type: string;
}

/** What is known of an object before it is kept. */
export interface ObjectContent {
  readonly body: Buffer;
  /** Lower-case hex, where it is known already. */
  readonly md5?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How it was made, as OSS calls it. Default `Normal`. */
  readonly type?: string;
  /** Where it is not the body's own MD5. */
  readonly etag?: string;
}

/** All buckets and objects, in memory. Every bucket exists as soon as something is done with it. */
export class ObjectStore {
  readonly #buckets = new Map<string, Map<string, StoredObject>>();

  constructor(private readonly now: () => number) {}

  /** Names of the buckets that have been used, sorted. */
  bucketNames(): string[] {
    return [...this.#buckets.keys()].toSorted();
  }

  /** Makes a bucket, if it is not there yet. */
  createBucket(bucket: string): void {
    this.#objectsOf(bucket);
  }

  /** Forgets a bucket; false when it still holds objects. */
  deleteBucket(bucket: string): boolean {
    if (this.#objectsOf(bucket).size > 0) return false;
    return this.#buckets.delete(bucket);
  }

  /** Names of a bucket's objects, sorted. */
  objectNames(bucket: string): string[] {
    return [...(this.#buckets.get(bucket)?.keys() ?? [])].toSorted();
  }

  get(bucket: string, name: string): StoredObject | undefined {
    return this.#buckets.get(bucket)?.get(name);
  }

  /** Keeps an object, in place of one of the same name. */
  put(bucket: string, name: string, content: ObjectContent): StoredObject {
    const md5 = content.md5 ?? createHash('md5').update(content.body).digest('hex');
    const object: StoredObject = Object.freeze({
      name,
      body: content.body,
      md5,
      etag: content.etag ?? `"${md5.toUpperCase()}"`,
      headers: { 'content-type': 'application/octet-stream', ...content.headers },
      lastModifiedAt: this.now(),
      type: content.type ?? 'Normal',
    });
    this.#objectsOf(bucket).set(name, object);
    return object;
  }

  delete(bucket: string, name: string): void {
    this.#buckets.get(bucket)?.delete(name);
  }

  #objectsOf(bucket: string): Map<string, StoredObject> {
    const objects = this.#buckets.get(bucket) ?? new Map<string, StoredObject>();
    this.#buckets.set(bucket, objects);
    return objects;
  }
}
