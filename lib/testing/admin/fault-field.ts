import { FAULT_SHORTHANDS, type Fault, type FaultShorthand } from '../faults/fault.js';
import { assertValues, NUMBER, optional, TEXT, type Field } from './verb-fields.js';

const HEADERS: Field<Readonly<Record<string, string>>> = {
  description: 'an object of texts',
  accepts: (value): value is Readonly<Record<string, string>> =>
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((header) => typeof header === 'string'),
};

// All that a fault may say, but for the function `match`, which JSON cannot hold.
const FIELDS = {
  type: optional(TEXT),
  status: optional(NUMBER),
  code: optional(TEXT),
  message: optional(TEXT),
  body: optional(TEXT),
  headers: optional(HEADERS),
  delayMs: optional(NUMBER),
  secretName: optional(TEXT),
  action: optional(TEXT),
  regionId: optional(TEXT),
};

/** A fault as JSON: the name of one that needs no details, or an object. Whether it makes sense is the cloud's to say. */
export const FAULT: Field<Fault | FaultShorthand> = {
  description: `${FAULT_SHORTHANDS.map((name) => `"${name}"`).join(', ')}, or an object such as {"status":503}`,
  accepts: (value): value is Fault | FaultShorthand => {
    if (typeof value === 'string') return FAULT_SHORTHANDS.some((name) => name === value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    assertValues('a fault', FIELDS, value);
    return true;
  },
};
