import { ServiceError } from '../http/service-error.js';

/** One field of a verb's JSON object. */
export interface Field<T> {
  /** What belongs there, to be read after the field's name. */
  readonly description: string;
  accepts(value: unknown): value is T;
}

/** A field that may be left out. */
export interface OptionalField<T> extends Field<T> {
  readonly isOptional: true;
}

/** The fields of a verb, by name. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

type ValueOf<F> = F extends Field<infer T> ? T : never;
type OptionalKeys<F> = { [K in keyof F]: F[K] extends OptionalField<unknown> ? K : never }[keyof F];

/** The values of a verb's fields. */
export type Values<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: ValueOf<F[K]>;
} & { readonly [K in OptionalKeys<F>]?: ValueOf<F[K]> };

export const TEXT: Field<string> = {
  description: 'a text',
  accepts: (value): value is string => typeof value === 'string' && value !== '',
};

export const NUMBER: Field<number> = {
  description: 'a number, 0 or above',
  accepts: (value): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0,
};

export const BOOLEAN: Field<boolean> = {
  description: 'true or false',
  accepts: (value) => typeof value === 'boolean',
};

/** One of some words. */
export function oneOf<T extends string>(...words: readonly T[]): Field<T> {
  return {
    description: `one of ${words.map((word) => `"${word}"`).join(', ')}`,
    accepts: (value): value is T => words.some((word) => word === value),
  };
}

/** The same, but it may be left out. */
export function optional<T>(field: Field<T>): OptionalField<T> {
  return { ...field, isOptional: true };
}

/**
 * Holds a JSON object against the fields of a verb.
 * @throws ServiceError 400 that names the field that is missing, wrong or unknown
 */
export function assertValues<F extends Fields>(
  verb: string,
  fields: F,
  body: object,
): asserts body is Values<F> {
  const values = new Map<string, unknown>(Object.entries(body));
  for (const [name, field] of Object.entries(fields)) {
    const value = values.get(name);
    if (value === undefined && isOptional(field)) continue;
    if (value === undefined) throw invalid(`${verb} needs the field "${name}": ${field.description}.`);
    if (!field.accepts(value)) throw invalid(`"${name}" of ${verb} must be ${field.description}.`);
  }
  const unknown = [...values.keys()].find((name) => !Object.hasOwn(fields, name));
  if (unknown === undefined) return;
  const known = Object.keys(fields).join(', ') || 'none';
  throw invalid(`${verb} has no field "${unknown}". Its fields: ${known}.`);
}

/** Whether a field may be left out. */
export function isOptional(field: Field<unknown>): boolean {
  return 'isOptional' in field;
}

function invalid(message: string): ServiceError {
  return new ServiceError(400, 'InvalidField', message);
}
