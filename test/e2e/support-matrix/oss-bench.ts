import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { invokerOf, type OssWorld } from './oss-world.js';
import type { Bench, KeyPair } from './run-operation.js';

/** What {@link OssBench} reads of a client of OSS. */
interface SigningClient {
  readonly options?: { readonly accessKeyId?: string };
}

/** What differs between the tables of OSS. */
export interface OssBenchParts {
  readonly cloud: AlibabaCloudEmulator;
  readonly secretName: string;
  /** The managed client. */
  readonly client: object;
  /** The buckets that hold the object that each call finds. */
  readonly buckets: readonly string[];
  /** The SDK's own client with one key. */
  plainClient(key: KeyPair): object | Promise<object>;
  learnNewKey(): Promise<unknown>;
}

/** The bucket that the clients of the tables use; the second node of a cluster has the other one. */
export const [BUCKET, OTHER_BUCKET] = ['matrix', 'matrix-2'] as const;

/** Where the OSS tables run: each call finds a bucket with one object in it, and nothing else. */
export class OssBench implements Bench<OssWorld> {
  readonly target = 'oss';
  readonly cloud: AlibabaCloudEmulator;
  readonly secretName: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'support-matrix-'));

  constructor(private readonly parts: OssBenchParts) {
    this.cloud = parts.cloud;
    this.secretName = parts.secretName;
  }

  newWorld(): OssWorld {
    for (const bucket of [BUCKET, OTHER_BUCKET]) this.cloud.deleteBucket(bucket);
    for (const bucket of this.parts.buckets) {
      const headers = { 'content-type': 'image/png', 'x-oss-meta-a': '1' };
      this.cloud.putObject(bucket, 'cat.png', 'meow', headers);
    }
    return this.#worldOf(this.parts.client);
  }

  async plainWorld(key: KeyPair): Promise<OssWorld> {
    return this.#worldOf(await this.parts.plainClient(key));
  }

  stored(): unknown {
    return [BUCKET, OTHER_BUCKET].map((bucket) => this.cloud.bucket(bucket));
  }

  learnNewKey(): Promise<unknown> {
    return this.parts.learnNewKey();
  }

  /** Takes the files away. */
  close(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #worldOf(client: object): OssWorld {
    const invoke = invokerOf(client);
    return {
      cloud: this.cloud,
      secretName: this.secretName,
      bucket: BUCKET,
      invoke,
      text: async (method, ...args) => (await invoke(method, ...args)) as unknown as string,
      accessKeyId: () => (client as SigningClient).options?.accessKeyId ?? '',
      path: (name) => join(this.#folder, name),
      file: (content) => {
        const path = join(this.#folder, 'file.bin');
        writeFileSync(path, content);
        return path;
      },
    };
  }
}
