/** The token of a client: which SDK, whose key and, if there are several, which of them. */
export function clientToken(sdk: string, secretName: string, name?: string): string {
  // JSON keeps names apart that hold the separator themselves.
  return `ManagedClient:${sdk}:${JSON.stringify(name === undefined ? [secretName] : [secretName, name])}`;
}

/** The token of the ACS client of a secret. */
export function getAcsClientToken(secretName: string, name?: string): string {
  return clientToken('acs', secretName, name);
}

/** The token of the OSS client of a secret. */
export function getOssClientToken(secretName: string, name?: string): string {
  return clientToken('oss', secretName, name);
}

/** The token of the ROA client of a secret. */
export function getRoaClientToken(secretName: string, name?: string): string {
  return clientToken('roa', secretName, name);
}

/** The token of the image client of a secret. */
export function getOssImageClientToken(secretName: string, name?: string): string {
  return clientToken('oss-image', secretName, name);
}

/** The token of the OSS cluster client of a secret. */
export function getOssClusterClientToken(secretName: string, name?: string): string {
  return clientToken('oss-cluster', secretName, name);
}

/** The token of the STS client of a secret. */
export function getOssStsClientToken(secretName: string, name?: string): string {
  return clientToken('oss-sts', secretName, name);
}
