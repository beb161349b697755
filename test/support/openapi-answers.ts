import type { ScriptedAnswer } from './scripted-service.js';

/** An answer of an OpenAPI. */
export function jsonAnswer(fields: object, status = 200): ScriptedAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) };
}

/** How an OpenAPI refuses a key that is no more. */
export const KEY_REFUSAL = jsonAnswer(
  { Code: 'InvalidAccessKeyId.NotFound', Message: 'no such key', RequestId: '1' },
  404,
);
