import type { AlibabaCloudEmulator } from '../alibaba-cloud-emulator.js';
import { assertValues, isOptional, type Fields, type Values } from './verb-fields.js';

/** One thing that can be asked of an emulator. */
export interface AdminVerb {
  /** The names of its fields, those that may be left out in brackets. */
  readonly fields: string;
  /**
   * Does it, and gives what is answered: an object, a text, or nothing.
   * @throws ServiceError when the fields are wrong; EmulatorError when the emulator cannot do it
   */
  run(name: string, cloud: AlibabaCloudEmulator, body: object): unknown;
}

/** A verb whose fields are checked before it is done. */
export function verb<F extends Fields>(
  fields: F,
  action: (cloud: AlibabaCloudEmulator, values: Values<F>) => unknown,
): AdminVerb {
  const names = Object.entries(fields).map(([name, field]) => (isOptional(field) ? `[${name}]` : name));
  return {
    fields: names.join(' '),
    run: (name, cloud, body) => {
      assertValues(name, fields, body);
      return action(cloud, body);
    },
  };
}
