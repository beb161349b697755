import { ServiceError } from '../../http/service-error.js';
import type { Bucket } from '../bucket.js';
import type { OssCall, OssOperation } from '../oss-operation.js';
import { receiveBody } from '../upload.js';
import { isXml, textsOf, type XmlElements } from '../../http/xml.js';
import { XML_HEADERS, xmlAnswer } from '../xml-answer.js';

const ROOT = 'LiveChannelConfiguration';
const MAX_KEYS = 100;

/** Makes a live channel, or turns one on or off. */
export const putLiveChannel: OssOperation = {
  name: 'PutLiveChannel',
  method: 'PUT',
  scope: 'object',
  selectors: ['live'],
  async run(call) {
    const { request, store, address, now } = call;
    const status = request.query.get('status');
    if (status !== undefined) return putStatus(call, status);
    const xml = (await receiveBody(request)).body.toString('utf8');
    if (!isXml(xml, ROOT)) throw new ServiceError(400, 'MalformedXML', `The body must be a ${ROOT}.`);
    store.bucket(address.bucket).channels.set(address.object, { xml, createdAt: now() });
    return xmlAnswer('CreateLiveChannelResult', {
      PublishUrls: publishUrls(call, address.object),
      PlayUrls: playUrls(call, address.object),
    });
  },
};

/** Describes a live channel. */
export const getLiveChannel: OssOperation = {
  name: 'GetLiveChannelInfo',
  method: 'GET',
  scope: 'object',
  selectors: ['live'],
  run: (call) => ({ status: 200, headers: XML_HEADERS, body: channelOf(call).xml }),
};

/** Tells what a live channel does now, or what it did: nobody ever streams to it. */
export const getLiveChannelState: OssOperation = {
  name: 'GetLiveChannelStat',
  method: 'GET',
  scope: 'object',
  selectors: ['comp', 'live'],
  run(call) {
    const { xml } = channelOf(call);
    if (call.request.query.get('comp') === 'history') return xmlAnswer('LiveChannelHistory', {});
    return xmlAnswer('LiveChannelStat', { Status: statusOf(xml) === 'enabled' ? 'Idle' : 'Disabled' });
  },
};

/** Deletes a live channel. */
export const deleteLiveChannel: OssOperation = {
  name: 'DeleteLiveChannel',
  method: 'DELETE',
  scope: 'object',
  selectors: ['live'],
  run({ store, address }) {
    store.bucket(address.bucket).channels.delete(address.object);
    return { status: 204 };
  },
};

/** Lists a bucket's live channels. */
export const listLiveChannels: OssOperation = {
  name: 'ListLiveChannel',
  method: 'GET',
  scope: 'bucket',
  selectors: ['live'],
  run(call) {
    const { query } = call.request;
    const [prefix, marker] = [query.get('prefix') ?? '', query.get('marker') ?? ''];
    const maxKeys = Number(query.get('max-keys') ?? MAX_KEYS);
    const channels = [...(call.store.find(call.address.bucket)?.channels ?? [])];
    const rest = channels
      .filter(([name]) => name.startsWith(prefix) && name > marker)
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
    const page = rest.slice(0, maxKeys);
    return xmlAnswer('ListLiveChannelResult', {
      Prefix: prefix,
      Marker: marker,
      MaxKeys: maxKeys,
      IsTruncated: page.length < rest.length,
      NextMarker: page.length < rest.length ? page.at(-1)?.[0] : undefined,
      LiveChannel: page.map(([name, { xml, createdAt }]) => ({
        Name: name,
        Description: textsOf(xml, 'Description')[0] ?? '',
        Status: statusOf(xml),
        LastModified: new Date(createdAt).toISOString(),
        PublishUrls: publishUrls(call, name),
        PlayUrls: playUrls(call, name),
      })),
    });
  },
};

/** Makes a playlist of what was streamed to a channel: of nothing. */
export const postVodPlaylist: OssOperation = {
  name: 'PostVodPlaylist',
  method: 'POST',
  scope: 'object',
  selectors: ['vod'],
  run({ store, address }) {
    const headers = { 'content-type': 'application/x-mpegURL' };
    store.put(address.bucket, address.object, { body: Buffer.from('#EXTM3U\n#EXT-X-ENDLIST\n'), headers });
    return { status: 200 };
  },
};

type Channel = NonNullable<ReturnType<Bucket['channels']['get']>>;

function channelOf({ store, address }: OssCall): Channel {
  const channel = store.find(address.bucket)?.channels.get(address.object);
  if (channel) return channel;
  const message = 'The live channel you requested does not exist';
  throw new ServiceError(404, 'NoSuchLiveChannel', message, { ChannelName: address.object });
}

function putStatus(call: OssCall, status: string): { status: number } {
  if (status !== 'enabled' && status !== 'disabled') {
    throw new ServiceError(400, 'InvalidArgument', 'status must be enabled or disabled.');
  }
  const { xml, createdAt } = channelOf(call);
  const changed = xml.includes('<Status>')
    ? xml.replace(/<Status>[^<]*<\/Status>/, `<Status>${status}</Status>`)
    : xml.replace(`</${ROOT}>`, `<Status>${status}</Status></${ROOT}>`);
  call.store.bucket(call.address.bucket).channels.set(call.address.object, { xml: changed, createdAt });
  return { status: 200 };
}

function statusOf(xml: string): string {
  return textsOf(xml, 'Status')[0] ?? 'enabled';
}

function publishUrls({ request, address }: OssCall, channel: string): XmlElements {
  return { Url: `rtmp://${address.bucket}.${request.exchange.hostId}/live/${channel}` };
}

function playUrls({ request, address }: OssCall, channel: string): XmlElements {
  return { Url: `http://${address.bucket}.${request.exchange.hostId}/${channel}/playlist.m3u8` };
}
