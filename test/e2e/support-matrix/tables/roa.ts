import { sentAgain, type Operation } from '../operation.js';

/** A ROA client, managed or pop-core's own. */
export interface RoaCaller {
  request(method: string, path: string, ...rest: unknown[]): Promise<unknown>;
  get(path: string, query?: object, headers?: object, options?: object): Promise<unknown>;
  delete(path: string, query?: object, headers?: object, options?: object): Promise<unknown>;
  post(path: string, query?: object, body?: string, headers?: object, options?: object): Promise<unknown>;
  put(path: string, query?: object, body?: string, headers?: object, options?: object): Promise<unknown>;
}

/** What the calls of the ROA table work with. */
export interface RoaWorld {
  readonly roa: RoaCaller;
}

const BODY = JSON.stringify({ name: '貓' });
const JSON_TYPE = { 'content-type': 'application/json' };
const TEXT_XML = { accept: 'text/xml' };
const OTHER_XML = { accept: 'application/xml' };
const TEXT_REMARK = 'pop-core resolves to a text, also where it is a refusal.';

/** The error that the service answers for a cluster that is not there. */
const errorOf = async (call: Promise<unknown>) =>
  call.then(
    () => 'no error',
    ({ name, code, statusCode }: Record<string, unknown>) => ({ name, code, statusCode }),
  );

/** pop-core's ROA client. */
export const ROA: readonly Operation<RoaWorld>[] = [
  sentAgain('request(method, path, query, body)', ({ roa }) =>
    roa.request('POST', '/clusters', { zone: 'a' }, BODY, JSON_TYPE),
  ),
  sentAgain('get(path, query)', ({ roa }) => roa.get('/clusters', { zone: 'a b' })),
  sentAgain('post(path, query, body)', ({ roa }) => roa.post('/clusters', {}, BODY, JSON_TYPE)),
  sentAgain('put(path, query, body)', ({ roa }) => roa.put('/clusters/1', {}, BODY, JSON_TYPE)),
  sentAgain('delete(path)', ({ roa }) => roa.delete('/clusters/1')),
  sentAgain('get(path) that the service refuses', ({ roa }) => errorOf(roa.get('/missing'))),
  sentAgain('get(path) answered in text/xml', ({ roa }) => roa.get('/clusters', {}, TEXT_XML)),
  sentAgain('get(path) refused in text/xml', ({ roa }) => errorOf(roa.get('/missing', {}, TEXT_XML))),
  sentAgain('get(path) answered in application/xml', ({ roa }) => roa.get('/clusters', {}, OTHER_XML), {
    remark: TEXT_REMARK,
  }),
  sentAgain('get(path) refused in application/xml', ({ roa }) => roa.get('/missing', {}, OTHER_XML), {
    remark: TEXT_REMARK,
  }),
  sentAgain('get(path, { rawBody: true })', ({ roa }) => roa.get('/clusters', {}, {}, { rawBody: true }), {
    remark: TEXT_REMARK,
  }),
];
