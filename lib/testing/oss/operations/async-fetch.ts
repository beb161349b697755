import { randomUUID } from 'node:crypto';
import { ServiceError } from '../../http/service-error.js';
import type { OssOperation } from '../oss-operation.js';
import { receiveBody } from '../upload.js';
import { elementsOf, isXml, textsOf } from '../../http/xml.js';
import { XML_HEADERS, xmlAnswer } from '../xml-answer.js';

const ROOT = 'AsyncFetchTaskConfiguration';

/** Asks OSS to fetch an object from a URL. Nothing is fetched here: a test puts the object. */
export const putAsyncFetchTask: OssOperation = {
  name: 'PutAsyncFetchTask',
  method: 'POST',
  scope: 'bucket',
  selectors: ['asyncFetch'],
  async run({ request, store, address }) {
    const xml = (await receiveBody(request)).body.toString('utf8');
    const [task] = elementsOf(xml, ROOT);
    if (task === undefined || !isXml(xml, ROOT)) {
      throw new ServiceError(400, 'MalformedXML', `The body must be an ${ROOT}.`);
    }
    const taskId = randomUUID();
    store.bucket(address.bucket).fetches.set(taskId, task);
    return xmlAnswer('AsyncFetchTaskResult', { TaskId: taskId });
  },
};

/** Tells how a fetch is going: it has succeeded once the object is there. */
export const getAsyncFetchTask: OssOperation = {
  name: 'GetAsyncFetchTask',
  method: 'GET',
  scope: 'bucket',
  selectors: ['asyncFetch'],
  run({ request, store, address }) {
    const taskId = request.header('x-oss-task-id');
    const task = store.find(address.bucket)?.fetches.get(taskId);
    if (task === undefined) throw new ServiceError(404, 'NoSuchTask', 'The specified task does not exist.');
    const object = textsOf(task, 'Object')[0] ?? '';
    const state = store.get(address.bucket, object) ? 'Success' : 'Running';
    const content = `<TaskId>${taskId}</TaskId><State>${state}</State><ErrorMsg></ErrorMsg><TaskInfo>${task}</TaskInfo>`;
    return { status: 200, headers: XML_HEADERS, body: `<AsyncFetchTaskInfo>${content}</AsyncFetchTaskInfo>` };
  },
};
