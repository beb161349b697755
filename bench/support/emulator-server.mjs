// The emulator as a child process: it does what messages say, so that it shares no core with what is measured.
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

const cloud = await AlibabaCloudEmulator.start(JSON.parse(process.argv[2]));

process.on('message', ({ id, method, args }) => {
  const result = method === 'countRequests' ? cloud.requests(...args).length : cloud[method](...args);
  process.send({ id, result });
});
process.on('disconnect', () => {
  void cloud.stop().then(() => process.exit());
});
process.send({ env: cloud.env, endpoints: cloud.endpoints });
