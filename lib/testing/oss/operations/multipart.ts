import { ServiceError } from '../../http/service-error.js';
import { assemble, type MultipartUpload } from '../multipart-uploads.js';
import type { OssCall, OssOperation } from '../oss-operation.js';
import { crc64 } from '../crc64.js';
import { uploadDetails } from '../object-details.js';
import { assertMayWrite, receiveBody, uploadAnswer } from '../upload.js';
import { elementsOf, textsOf, toXml } from '../../http/xml.js';
import { XML_HEADERS, xmlAnswer } from '../xml-answer.js';

/** Starts a multipart upload. */
export const initiateMultipartUpload: OssOperation = {
  name: 'InitiateMultipartUpload',
  method: 'POST',
  scope: 'object',
  selectors: ['uploads'],
  run({ request, address: { bucket, object }, uploads }) {
    const { uploadId } = uploads.start(bucket, object, uploadDetails(request));
    return xmlAnswer('InitiateMultipartUploadResult', { Bucket: bucket, Key: object, UploadId: uploadId });
  },
};

/** Uploads one part. */
export const uploadPart: OssOperation = {
  name: 'UploadPart',
  method: 'PUT',
  scope: 'object',
  selectors: ['partNumber', 'uploadId'],
  async run(call) {
    const received = await receiveBody(call.request);
    const part = call.uploads.addPart(uploadOf(call), partNumberOf(call), received);
    return { status: 200, headers: { etag: part.etag, 'x-oss-hash-crc64ecma': crc64(part.body) } };
  },
};

/** Makes an object of the parts. */
export const completeMultipartUpload: OssOperation = {
  name: 'CompleteMultipartUpload',
  method: 'POST',
  scope: 'object',
  selectors: ['uploadId'],
  async run(call) {
    const { request, store, uploads, address } = call;
    const { bucket, object } = address;
    const upload = uploadOf(call);
    const named = elementsOf((await receiveBody(request)).body.toString('utf8'), 'Part').map((part) => ({
      number: Number(textsOf(part, 'PartNumber')[0]),
      etag: textsOf(part, 'ETag')[0] ?? '',
    }));
    if (named.length === 0) {
      throw new ServiceError(400, 'MalformedXML', 'The XML you provided was not well-formed.');
    }
    assertMayWrite(call);
    const { body, etag } = assemble(upload, named);
    const stored = store.put(bucket, object, { ...upload.details, body, etag, type: 'Multipart' });
    uploads.end(upload);
    const result = {
      Location: `http://${request.exchange.hostId}/${object}`,
      Bucket: bucket,
      Key: object,
      ETag: etag,
    };
    return {
      body: toXml('CompleteMultipartUploadResult', result),
      ...uploadAnswer(call, stored, XML_HEADERS),
    };
  },
};

/** Throws the parts away. */
export const abortMultipartUpload: OssOperation = {
  name: 'AbortMultipartUpload',
  method: 'DELETE',
  scope: 'object',
  selectors: ['uploadId'],
  run(call) {
    call.uploads.end(uploadOf(call));
    return { status: 204 };
  },
};

/** Lists the parts that have arrived. */
export const listParts: OssOperation = {
  name: 'ListParts',
  method: 'GET',
  scope: 'object',
  selectors: ['uploadId'],
  run(call) {
    const { query } = call.request;
    const marker = Number(query.get('part-number-marker') ?? 0);
    const maxParts = Number(query.get('max-parts') ?? 1000);
    const { bucket, object, uploadId, parts } = uploadOf(call);
    const rest = [...parts.values()].filter(({ number }) => number > marker);
    const page = rest.toSorted((one, other) => one.number - other.number).slice(0, maxParts);
    return xmlAnswer('ListPartsResult', {
      Bucket: bucket,
      Key: object,
      UploadId: uploadId,
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.number ?? marker,
      MaxParts: maxParts,
      IsTruncated: page.length < rest.length,
      Part: page.map(({ number, etag, body, uploadedAt }) => ({
        PartNumber: number,
        LastModified: new Date(uploadedAt).toISOString(),
        ETag: etag,
        Size: body.length,
      })),
    });
  },
};

/** Lists the uploads that are under way. */
export const listMultipartUploads: OssOperation = {
  name: 'ListMultipartUploads',
  method: 'GET',
  scope: 'bucket',
  selectors: ['uploads'],
  run({ request: { query }, uploads, address: { bucket } }) {
    const [prefix, keyMarker] = [query.get('prefix') ?? '', query.get('key-marker') ?? ''];
    const idMarker = query.get('upload-id-marker') ?? '';
    const maxUploads = Number(query.get('max-uploads') ?? 1000);
    const isAfter = ({ object, uploadId }: MultipartUpload): boolean =>
      object > keyMarker || (object === keyMarker && idMarker !== '' && uploadId > idMarker);
    const rest = uploads.list(bucket).filter((upload) => upload.object.startsWith(prefix) && isAfter(upload));
    const page = rest.slice(0, maxUploads);
    return xmlAnswer('ListMultipartUploadsResult', {
      Bucket: bucket,
      Prefix: prefix,
      KeyMarker: keyMarker,
      UploadIdMarker: idMarker,
      NextKeyMarker: page.at(-1)?.object ?? '',
      NextUploadIdMarker: page.at(-1)?.uploadId ?? '',
      MaxUploads: maxUploads,
      IsTruncated: page.length < rest.length,
      Upload: page.map(({ object, uploadId, initiatedAt }) => ({
        Key: object,
        UploadId: uploadId,
        Initiated: new Date(initiatedAt).toISOString(),
      })),
    });
  },
};

/** The upload that a call names. */
export function uploadOf({ request, uploads, address: { bucket, object } }: OssCall): MultipartUpload {
  return uploads.find(bucket, object, request.query.get('uploadId') ?? '');
}

/** The part that a call names. */
export function partNumberOf({ request }: OssCall): number {
  return Number(request.query.get('partNumber'));
}
