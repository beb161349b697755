import { sendPlain } from './rpc-caller.js';

/** What an admin server has answered. */
export interface AdminAnswer {
  readonly status: number;
  /** The body when it is JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Sends a verb as curl does: no Origin, JSON unless there is no body. */
export async function askAdmin(
  url: string,
  verb: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
  method = 'POST',
): Promise<AdminAnswer> {
  const sent = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const type = sent === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await sendPlain(`${url}/${verb}`, {
    method,
    headers: { ...type, ...headers },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const isJson = answer.headers['content-type'] === 'application/json';
  return {
    status: answer.status,
    body: isJson ? (JSON.parse(answer.text) as Record<string, unknown>) : {},
    text: answer.text,
  };
}
