import { ServiceError } from '../../http/service-error.js';
import type { OssCall, OssOperation } from '../oss-operation.js';
import { receiveBody } from '../upload.js';
import { elementsOf, isXml, textsOf } from '../../http/xml.js';
import { XML_HEADERS } from '../xml-answer.js';

const ROOT = 'InventoryConfiguration';
const PREFIX = 'inventory/';

/** Keeps an inventory of a bucket. */
export const putBucketInventory: OssOperation = {
  name: 'PutBucketInventory',
  method: 'PUT',
  scope: 'bucket',
  selectors: ['inventory'],
  async run(call) {
    const xml = (await receiveBody(call.request)).body.toString('utf8');
    const [content] = elementsOf(xml, ROOT);
    const id = inventoryId(call);
    if (content === undefined || !isXml(xml, ROOT) || textsOf(content, 'Id')[0] !== id) {
      throw new ServiceError(400, 'MalformedXML', `The body must be an ${ROOT} with the id of the query.`);
    }
    call.store.bucket(call.address.bucket).settings.set(PREFIX + id, content);
    return { status: 200 };
  },
};

/** Tells one inventory, or lists all of them. */
export const getBucketInventory: OssOperation = {
  name: 'GetBucketInventory',
  method: 'GET',
  scope: 'bucket',
  selectors: ['inventory'],
  run(call) {
    const id = inventoryId(call);
    const settings = call.store.find(call.address.bucket)?.settings ?? new Map<string, string>();
    if (id === '') {
      const kept = [...settings].filter(([name]) => name.startsWith(PREFIX));
      const list = kept.map(([, content]) => element(ROOT, content)).join('');
      const body = element('ListInventoryConfigurationsResult', `${list}<IsTruncated>false</IsTruncated>`);
      return { status: 200, headers: XML_HEADERS, body };
    }
    const content = settings.get(PREFIX + id);
    if (content === undefined) {
      throw new ServiceError(404, 'NoSuchInventory', 'The specified inventory does not exist.');
    }
    return { status: 200, headers: XML_HEADERS, body: element(ROOT, content) };
  },
};

/** Forgets an inventory. */
export const deleteBucketInventory: OssOperation = {
  name: 'DeleteBucketInventory',
  method: 'DELETE',
  scope: 'bucket',
  selectors: ['inventory'],
  run(call) {
    call.store.bucket(call.address.bucket).settings.delete(PREFIX + inventoryId(call));
    return { status: 204 };
  },
};

function inventoryId({ request }: OssCall): string {
  return request.query.get('inventoryId') ?? '';
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}
