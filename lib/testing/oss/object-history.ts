import { randomBytes } from 'node:crypto';
import type { StoredObject } from './stored-object.js';

/** What a version is called that was made while its bucket was not versioned. */
export const NULL_VERSION = 'null';

/** One version of an object, or the mark that it was deleted. */
export interface ObjectVersion {
  readonly name: string;
  readonly versionId: string;
  /** Absent for a delete marker. */
  readonly object?: StoredObject;
  /** Epoch ms. */
  readonly lastModifiedAt: number;
}

/** All versions of one object, oldest first. */
export class ObjectHistory {
  #versions: ObjectVersion[] = [];

  get isEmpty(): boolean {
    return this.#versions.length === 0;
  }

  /** Newest first. */
  get versions(): readonly ObjectVersion[] {
    return this.#versions.toReversed();
  }

  get latest(): ObjectVersion | undefined {
    return this.#versions.at(-1);
  }

  find(versionId: string): ObjectVersion | undefined {
    return this.#versions.find((version) => version.versionId === versionId);
  }

  /** Makes a version the latest one, in place of another one with the same id. */
  add(version: ObjectVersion): void {
    this.remove(version.versionId);
    this.#versions.push(version);
  }

  /** Puts a version where another one with the same id is. */
  replace(version: ObjectVersion): void {
    this.#versions = this.#versions.map((old) => (old.versionId === version.versionId ? version : old));
  }

  /** Forgets a version; what it was. */
  remove(versionId: string): ObjectVersion | undefined {
    const index = this.#versions.findIndex((version) => version.versionId === versionId);
    return index < 0 ? undefined : this.#versions.splice(index, 1)[0];
  }
}

/** The id of a new version. */
export function newObjectVersionId(): string {
  return `CAEQ${randomBytes(28).toString('base64url')}`;
}
