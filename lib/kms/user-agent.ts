import { VERSION } from '../version.js';

/** What KMS is told about the program that calls it. */
export const USER_AGENT = `AlibabaCloud (${process.platform}; ${process.arch}) Node.js/${process.version} nestjs-aliyun-managed-credentials/${VERSION}`;
