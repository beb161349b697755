import OSS from 'ali-oss';

import type { ManagedClientContext } from '../managed-client-definition.js';
import { ProxyOssClient, type OssClientOptions } from './proxy-oss-client.js';

/** What an image client is made of. */
export interface OssImageClientOptions extends OssClientOptions {
  /** The domain of the image service that is bound to the bucket. */
  readonly imageHost: string;
  readonly bucket: string;
}

/** ali-oss's image client over a {@link ProxyOssClient}. */
export class ProxyOssImageClient extends OSS.ImageClient {
  /** The client that ali-oss's methods send their requests through. */
  readonly ossClient: ProxyOssClient;

  constructor(options: OssImageClientOptions, context: ManagedClientContext) {
    const { imageHost, bucket } = options;
    // ali-oss insists on a key, for a client that is replaced before anything is sent.
    super({ imageHost, bucket, accessKeyId: 'replaced', accessKeySecret: 'replaced' });
    this.ossClient = new ProxyOssClient({ ...options, endpoint: imageHost }, context);
  }

  /** Closes the client's own connections. */
  close(): void {
    this.ossClient.close();
  }
}
