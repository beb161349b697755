import { Bucket } from './bucket.js';
import type { ObjectContent, StoredObject } from './stored-object.js';

/** All buckets, in memory. Every bucket exists as soon as something is done with it. */
export class ObjectStore {
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly now: () => number) {}

  /** Names of the buckets that have been used, sorted. */
  bucketNames(): string[] {
    return [...this.#buckets.keys()].toSorted();
  }

  /** A bucket, made if it is not there yet. */
  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name) ?? new Bucket(name, this.now);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** A bucket that has been used. */
  find(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** Forgets a bucket; false when it still holds objects. */
  deleteBucket(name: string): boolean {
    if (this.#buckets.get(name)?.isEmpty === false) return false;
    this.forget(name);
    return true;
  }

  /** Forgets a bucket, whatever it holds. */
  forget(name: string): void {
    this.#buckets.delete(name);
  }

  /** The latest version of an object, unless it was deleted. */
  get(bucket: string, name: string): StoredObject | undefined {
    return this.#buckets.get(bucket)?.version(name)?.object;
  }

  /** Keeps an object, in place of one of the same name. */
  put(bucket: string, name: string, content: ObjectContent): StoredObject {
    return this.bucket(bucket).put(name, content);
  }
}
