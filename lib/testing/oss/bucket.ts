import { NULL_VERSION, newObjectVersionId, ObjectHistory, type ObjectVersion } from './object-history.js';
import { createObject, type ObjectAcl, type ObjectContent, type StoredObject } from './stored-object.js';

/** A retention policy: objects cannot be deleted for some days. */
export interface RetentionPolicy {
  /** The id that OSS gave it. */
  readonly wormId: string;
  /** `Locked` for good, or `InProgress` and still to be undone. */
  readonly state: 'InProgress' | 'Locked';
  /** How long objects are kept at least. */
  readonly days: number;
  /** Epoch ms. */
  readonly createdAt: number;
}

/** What a deletion did. */
export interface Deletion {
  /** The version that was deleted, or the delete marker that was made; absent in a bucket without versions. */
  readonly versionId?: string;
  /** Whether that version is a delete marker. */
  readonly isMarker: boolean;
}

/** A bucket with all that it holds. */
export class Bucket {
  /** Its configurations as they were put, by sub-resource; those of an inventory by `inventory/ID`. */
  readonly settings = new Map<string, string>();
  /** Its live channels, as they were put, by name. */
  readonly channels = new Map<string, { readonly xml: string; readonly createdAt: number }>();
  /** Its asynchronous fetches, as they were asked for, by task id. */
  readonly fetches = new Map<string, string>();
  acl: Exclude<ObjectAcl, 'default'> = 'private';
  storageClass = 'Standard';
  /** '' until somebody turns versioning on. */
  versioning: '' | 'Enabled' | 'Suspended' = '';
  retention: RetentionPolicy | undefined;
  readonly #objects = new Map<string, ObjectHistory>();

  constructor(
    readonly name: string,
    private readonly now: () => number,
  ) {}

  get isEmpty(): boolean {
    return this.#objects.size === 0;
  }

  /** Names of the objects that are there, sorted. */
  objectNames(): string[] {
    const there = [...this.#objects].filter(([, { latest }]) => latest?.object !== undefined);
    return there.map(([name]) => name).toSorted();
  }

  /** Every version of every object, by name and newest first. */
  versions(): readonly ObjectVersion[] {
    return [...this.#objects]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([, history]) => history.versions);
  }

  /** The latest version of an object, or the one with an id. */
  version(name: string, versionId?: string): ObjectVersion | undefined {
    const history = this.#objects.get(name);
    return versionId === undefined ? history?.latest : history?.find(versionId);
  }

  /** Keeps an object: as a new version, or in place of the one of the same name. */
  put(name: string, content: ObjectContent): StoredObject {
    const object = createObject(name, content, this.now());
    return this.#keep(this.versioning === '' ? object : { ...object, versionId: this.#nextVersionId() });
  }

  /** Changes what is known about an object, without making a new version. */
  update(
    object: StoredObject,
    change: Partial<Pick<StoredObject, 'acl' | 'tags' | 'restoredUntil'>>,
  ): StoredObject {
    const changed = Object.freeze({ ...object, ...change });
    this.#objects.get(object.name)?.replace(versionOf(changed));
    return changed;
  }

  /** Deletes one version for good, or the object: for good only in a bucket without versions. */
  delete(name: string, versionId?: string): Deletion {
    const history = this.#objects.get(name);
    if (versionId === undefined && this.versioning !== '') return this.#mark(name);
    const removed = history?.remove(versionId ?? NULL_VERSION);
    if (history?.isEmpty) this.#objects.delete(name);
    return {
      isMarker: removed !== undefined && removed.object === undefined,
      ...(versionId === undefined ? {} : { versionId }),
    };
  }

  #mark(name: string): Deletion {
    const versionId = this.#nextVersionId();
    this.#history(name).add({ name, versionId, lastModifiedAt: this.now() });
    return { versionId, isMarker: true };
  }

  #keep(object: StoredObject): StoredObject {
    const kept = Object.freeze(object);
    this.#history(kept.name).add(versionOf(kept));
    return kept;
  }

  #history(name: string): ObjectHistory {
    const history = this.#objects.get(name) ?? new ObjectHistory();
    this.#objects.set(name, history);
    return history;
  }

  #nextVersionId(): string {
    return this.versioning === 'Enabled' ? newObjectVersionId() : NULL_VERSION;
  }
}

function versionOf(object: StoredObject): ObjectVersion {
  const { name, versionId = NULL_VERSION, lastModifiedAt } = object;
  return { name, versionId, object, lastModifiedAt };
}
