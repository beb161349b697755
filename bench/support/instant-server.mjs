// A cloud that answers at once, in a process of its own: what is left of a call's time is the client's.
import { createServer } from 'node:http';

const answers = {
  rpc: JSON.stringify({ RequestId: '00000000-0000-0000-0000-000000000000', Regions: { Region: [] } }),
  object: Buffer.alloc(1024, 'x'),
};

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.setHeader('x-oss-request-id', '000000000000000000000000');
    if (request.url.startsWith('/object'))
      response.end(request.method === 'GET' ? answers.object : undefined);
    else response.setHeader('content-type', 'application/json').end(answers.rpc);
  });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());
