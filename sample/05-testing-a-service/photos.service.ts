import { Injectable } from '@nestjs/common';
import { InjectOssClient, ProxyOssClient } from 'nestjs-aliyun-managed-credentials';

@Injectable()
export class PhotosService {
  constructor(@InjectOssClient('oss-writer') private readonly oss: ProxyOssClient) {}

  /** Stores a photo under its album. */
  async store(album: string, name: string, content: Buffer): Promise<string> {
    const path = `${album}/${name}`;
    await this.oss.put(path, content);
    return path;
  }

  async load(path: string): Promise<Buffer> {
    const result = await this.oss.get(path);
    // The types of ali-oss do not say that it is a Buffer.
    const content: unknown = result.content;
    if (Buffer.isBuffer(content)) return content;
    throw new Error(`${path} has no content`);
  }
}
