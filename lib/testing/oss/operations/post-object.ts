import type { Answer } from '../../http/answer.js';
import { ServiceError } from '../../http/service-error.js';
import { versionHeader } from '../find-object.js';
import type { FormUpload } from '../form-upload.js';
import type { OssOperation } from '../oss-operation.js';
import { assertPolicyMet } from '../post-policy.js';
import type { StoredObject } from '../stored-object.js';
import { detailsOf } from '../object-details.js';
import { assertMayWrite } from '../upload.js';
import { xmlAnswer } from '../xml-answer.js';

/** Uploads an object from a form in a web page. */
export const postObject: OssOperation = {
  name: 'PostObject',
  method: 'POST',
  scope: 'bucket',
  needs: 'write',
  run(call) {
    const { request, store, address, now } = call;
    const { form } = request;
    if (!form) {
      const message = 'The body of your POST request is not well-formed multipart/form-data.';
      throw new ServiceError(400, 'MalformedPOSTRequest', message);
    }
    const { bucket } = address;
    const key = form.field('key').replaceAll('${filename}', form.file.name);
    if (key === '') throw new ServiceError(400, 'InvalidArgument', 'The form must have a field key.');
    if (form.field('policy') !== '') assertPolicyMet(form, bucket, key, now());
    assertMayWrite({ ...call, address: { bucket, object: key } });
    request.exchange.record.object = key;
    const names = form.entries().map(([name]) => name);
    const details = detailsOf(names, (name) => form.field(name));
    const object = store.put(bucket, key, {
      ...details,
      headers: { ...typeOf(form), ...details.headers },
      body: form.file.body,
    });
    return answerFor(form, bucket, object);
  },
};

function typeOf({ file }: FormUpload): Readonly<Record<string, string>> {
  return file.contentType === '' ? {} : { 'content-type': file.contentType };
}

function answerFor(form: FormUpload, bucket: string, object: StoredObject): Answer {
  const headers = { etag: object.etag, 'x-oss-hash-crc64ecma': object.crc64, ...versionHeader(object) };
  const redirect = form.field('success_action_redirect');
  if (URL.canParse(redirect)) {
    const url = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket, object: object.name, etag: object.etag })) {
      url.searchParams.set(name, value);
    }
    return { status: 303, headers: { ...headers, location: url.href } };
  }
  const status = form.field('success_action_status');
  if (status === '201') {
    const result = { Bucket: bucket, Key: object.name, ETag: object.etag, Location: `/${object.name}` };
    return { ...xmlAnswer('PostResponse', result, headers), status: 201 };
  }
  return { status: status === '200' ? 200 : 204, headers };
}
