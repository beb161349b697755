import { createHmac } from 'node:crypto';

import { after, sentAgain, signs, type Operation } from '../operation.js';
import type { OssWorld } from '../oss-world.js';

const CHANNEL = { Description: 'd', Status: 'enabled', Target: { Type: 'HLS', FragDuration: 5 } };
const made = ({ invoke }: OssWorld) => invoke('putChannel', 'channel', CHANNEL);

/** Live channels (RTMP). */
export const OSS_LIVE_CHANNELS: readonly Operation<OssWorld>[] = [
  sentAgain('putChannel(id, config)', made),
  sentAgain(
    'getChannel(id)',
    after(made, ({ invoke }) => invoke('getChannel', 'channel')),
  ),
  sentAgain(
    'deleteChannel(id)',
    after(made, ({ invoke }) => invoke('deleteChannel', 'channel')),
  ),
  sentAgain(
    'putChannelStatus(id, status)',
    after(made, ({ invoke }) => invoke('putChannelStatus', 'channel', 'disabled')),
  ),
  sentAgain(
    'getChannelStatus(id)',
    after(made, ({ invoke }) => invoke('getChannelStatus', 'channel')),
  ),
  sentAgain(
    'getChannelHistory(id)',
    after(made, ({ invoke }) => invoke('getChannelHistory', 'channel')),
  ),
  sentAgain(
    'listChannels(query)',
    after(made, ({ invoke }) => invoke('listChannels', { 'max-keys': 10 })),
  ),
  sentAgain('createVod(id, name, time)', ({ invoke }) =>
    invoke('createVod', 'channel', 'vod.m3u8', { startTime: 1, endTime: 2 }),
  ),
  signs('getRtmpUrl(id)', async ({ text, bucket, cloud, secretName }) => {
    const params = { playlistName: 'list.m3u8' };
    const url = new URL(await text('getRtmpUrl', 'channel', { params }));
    const { accessKeyId, accessKeySecret } = cloud.secret(secretName);
    const signed = `${url.searchParams.get('Expires')}\nplaylistName:list.m3u8\n/${bucket}/channel`;
    return [
      url.searchParams.get('OSSAccessKeyId') === accessKeyId,
      url.searchParams.get('Signature') ===
        createHmac('sha1', accessKeySecret).update(signed).digest('base64'),
    ];
  }),
];
