import { EmulatorError } from '../emulator-error.js';
import type { EmulatorTarget } from '../emulator-target.js';
import { documentedCodes, documentedError, type DocumentedError } from './documented-errors.js';
import {
  FAULT_SHORTHANDS,
  type DelayFault,
  type DocumentedFault,
  type DropFault,
  type Fault,
  type FaultShorthand,
  type GarbageFault,
  type HangFault,
  type HttpFault,
  type RefuseFault,
  type TruncateFault,
} from './fault.js';

/** A fault that strikes single requests, its kind spelled out. */
export type RequestFault =
  | (HttpFault & { readonly type: 'http' })
  | (DelayFault & { readonly type: 'delay' })
  | DropFault
  | HangFault
  | TruncateFault
  | GarbageFault;

/** A fault whose kind is spelled out. */
export type TypedFault = RequestFault | RefuseFault;

/**
 * Spells out the kind of a fault.
 * @throws EmulatorError for something that is no fault of that target
 */
export function toTypedFault(fault: Fault | FaultShorthand, target: EmulatorTarget): TypedFault {
  const typed = spellOut(fault, target);
  if (isSound(typed)) return typed;
  throw new EmulatorError(
    `Not a fault: ${JSON.stringify(fault)}. A fault is { status }, { code }, { delayMs } or one of ${FAULT_SHORTHANDS.join(', ')}.`,
  );
}

function spellOut(fault: Fault | FaultShorthand, target: EmulatorTarget): TypedFault {
  if (typeof fault === 'string') return { type: fault };
  if (isAnswer(fault)) return withStatus(fault, target);
  return fault.type === undefined || fault.type === 'delay' ? { ...fault, type: 'delay' } : fault;
}

function isAnswer(fault: Fault): fault is HttpFault | DocumentedFault {
  return 'status' in fault || 'code' in fault;
}

function withStatus(fault: HttpFault | DocumentedFault, target: EmulatorTarget): TypedFault {
  if (fault.status !== undefined) return { ...fault, type: 'http' };
  const { status, message } = documented(fault.code, target);
  return { ...fault, status, message: fault.message ?? message, type: 'http' };
}

function documented(code: string, target: EmulatorTarget): DocumentedError {
  const error = documentedError(target, code);
  if (error) return error;
  const known = documentedCodes(target).join(', ') || 'none';
  throw new EmulatorError(`'${code}' has no known status; give { status, code }. Known codes: ${known}.`);
}

// Callers without a type checker get a sentence in place of a fault that never strikes.
function isSound(fault: TypedFault): boolean {
  switch (fault.type) {
    case 'http':
      return Number.isInteger(fault.status) && fault.status >= 200 && fault.status <= 599;
    case 'delay':
      return Number.isFinite(fault.delayMs) && fault.delayMs >= 0;
    case 'drop':
    case 'hang':
    case 'truncate':
    case 'garbage':
    case 'refuse':
      return true;
    default:
      return false;
  }
}
