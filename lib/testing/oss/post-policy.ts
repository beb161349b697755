import { ServiceError } from '../http/service-error.js';
import type { FormUpload } from './form-upload.js';

/**
 * Holds a form against the policy that was signed with it.
 * @throws ServiceError 403 when the policy has expired or one of its conditions is not met, 400 when it is none or
 * the file is too large or too small
 */
export function assertPolicyMet(form: FormUpload, bucket: string, key: string, now: number): void {
  const { expiration, conditions } = parse(form.field('policy'));
  if (!(Date.parse(expiration) > now)) throw refused('Policy expired.');
  const valueOf = (name: string): string => {
    if (name === 'bucket') return bucket;
    return name === 'key' ? key : form.field(name);
  };
  for (const condition of conditions) assertMet(condition, valueOf, form.file.body.length);
}

interface Policy {
  readonly expiration: string;
  readonly conditions: readonly unknown[];
}

function parse(base64: string): Policy {
  try {
    const policy = new Map(fieldsOf(JSON.parse(Buffer.from(base64, 'base64').toString('utf8'))));
    const [expiration, conditions] = [policy.get('expiration'), policy.get('conditions')];
    if (typeof expiration === 'string' && isList(conditions)) return { expiration, conditions };
  } catch {
    // Told below.
  }
  const message = 'Invalid Policy: expiration and conditions are needed.';
  throw new ServiceError(400, 'InvalidPolicyDocument', message);
}

function assertMet(condition: unknown, valueOf: (name: string) => string, size: number): void {
  if (!isList(condition)) {
    if (fieldsOf(condition).every(([name, value]) => valueOf(name) === String(value))) return;
    throw unmet(condition);
  }
  const [kind, subject, operand] = condition;
  if (kind === 'content-length-range') return assertSize(size, Number(subject), Number(operand));
  const value = valueOf(String(subject).replace(/^\$/, ''));
  const list = isList(operand) ? operand.map(String) : [];
  const outcomes = new Map<unknown, boolean>([
    ['eq', value === String(operand)],
    ['starts-with', value.startsWith(String(operand))],
    ['in', list.includes(value)],
    ['not-in', !list.includes(value)],
  ]);
  if (outcomes.get(kind) !== true) throw unmet(condition);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function fieldsOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function assertSize(size: number, min: number, max: number): void {
  if (size < min) {
    throw new ServiceError(
      400,
      'EntityTooSmall',
      'Your proposed upload is smaller than the minimum allowed size',
    );
  }
  if (size > max) {
    throw new ServiceError(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size.');
  }
}

function unmet(condition: unknown): ServiceError {
  return refused(`Policy Condition failed: ${JSON.stringify(condition)}`);
}

function refused(reason: string): ServiceError {
  return new ServiceError(403, 'AccessDenied', `Invalid according to Policy: ${reason}`);
}
