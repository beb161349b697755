import { percentEncode } from '../../http/percent-encoding.js';
import type { ObjectVersion } from '../object-history.js';
import type { OssCall, OssOperation } from '../oss-operation.js';
import type { XmlElements } from '../../http/xml.js';
import { ownerElement, xmlAnswer } from '../xml-answer.js';
import { parseMaxKeys } from './list-objects.js';

/** Lists every version of every object, and the marks of those that were deleted. */
export const listObjectVersions: OssOperation = {
  name: 'ListObjectVersions',
  method: 'GET',
  scope: 'bucket',
  selectors: ['versions'],
  run(call) {
    const { request, store, address } = call;
    const { query } = request;
    const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
    const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('version-id-marker') ?? ''];
    const maxKeys = parseMaxKeys(query.get('max-keys'));
    const encodingType = query.get('encoding-type');
    const encode = encodingType === 'url' ? percentEncode : (text: string): string => text;
    const all = store.find(address.bucket)?.versions() ?? [];
    const wanted = afterMarkers(all, keyMarker, idMarker).filter(({ name }) => name.startsWith(prefix));
    const folded = (name: string): string | undefined => {
      const cut = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
      return cut < 0 ? undefined : name.slice(0, cut + delimiter.length);
    };
    const page = wanted.filter(({ name }) => folded(name) === undefined).slice(0, maxKeys);
    const prefixes = new Set(wanted.flatMap(({ name }) => folded(name) ?? []));
    const isTruncated = page.length === maxKeys && page.at(-1) !== wanted.at(-1);
    const elementOf = (version: ObjectVersion): XmlElements =>
      describe(
        call,
        version,
        encode(version.name),
        store.find(address.bucket)?.version(version.name) === version,
      );
    return xmlAnswer('ListVersionsResult', {
      Name: address.bucket,
      Prefix: encode(prefix),
      KeyMarker: encode(keyMarker),
      VersionIdMarker: idMarker,
      MaxKeys: maxKeys,
      Delimiter: encode(delimiter),
      EncodingType: encodingType,
      IsTruncated: isTruncated,
      NextKeyMarker: isTruncated ? encode(page.at(-1)?.name ?? '') : undefined,
      NextVersionIdMarker: isTruncated ? page.at(-1)?.versionId : undefined,
      Version: page.filter(({ object }) => object).map(elementOf),
      DeleteMarker: page.filter(({ object }) => !object).map(elementOf),
      CommonPrefixes: [...prefixes].map((common) => ({ Prefix: encode(common) })),
    });
  },
};

// Without a version id, a listing goes on with the next object.
function afterMarkers(
  versions: readonly ObjectVersion[],
  keyMarker: string,
  idMarker: string,
): readonly ObjectVersion[] {
  const last = versions.findLastIndex(
    ({ name, versionId }) => name === keyMarker && (idMarker === '' || versionId === idMarker),
  );
  return versions.slice(last + 1).filter(({ name }) => name >= keyMarker);
}

function describe(
  call: OssCall,
  { object, versionId, lastModifiedAt }: ObjectVersion,
  key: string,
  isLatest: boolean,
): XmlElements {
  return {
    Key: key,
    VersionId: versionId,
    IsLatest: isLatest,
    LastModified: new Date(lastModifiedAt).toISOString(),
    ETag: object?.etag,
    Type: object?.type,
    Size: object?.body.length,
    StorageClass: object?.storageClass,
    Owner: ownerElement(call),
  };
}
