/** What becomes of an operation when its key dies before its request is verified. */
export type WhenKeyDies =
  /** It is sent again with the new key, and its caller notices nothing. */
  | 'sentAgain'
  /** Part of it has been consumed: it fails with the SDK's error, and the next call uses the new key. */
  | 'fails'
  /** It sends nothing itself: it signs with the key that is current, and what it signed dies with that key. */
  | 'signs'
  /** It neither sends nor signs anything. */
  | 'local';

/** Makes what a call needs, and gives the call. */
export interface Prepared<World> {
  open(world: World): Promise<(world: World) => unknown>;
}

/** One way to use a method of an SDK. */
export interface Operation<World> extends Prepared<World> {
  /** The method with its arguments, as a reader of its documentation knows it. */
  readonly name: string;
  readonly whenKeyDies: WhenKeyDies;
  /** For readers of the support matrix: why, or on what condition. */
  readonly remark: string;
  /** Whether it sends a HEAD, whose refusal has no body. */
  readonly sendsHead: boolean;
}

type Call<World> = ((world: World) => unknown) | Prepared<World>;

/** What else there is to say of an operation. */
interface Details {
  readonly remark?: string;
  readonly sendsHead?: boolean;
}

/** A call that needs something that is made before it. */
export function after<World, Thing>(
  prepare: (world: World) => Thing | Promise<Thing>,
  call: (world: World, thing: Awaited<Thing>) => unknown,
): Prepared<World> {
  return {
    open: async (preparing) => {
      const thing = await prepare(preparing);
      return (world) => call(world, thing);
    },
  };
}

const makerOf =
  (whenKeyDies: WhenKeyDies) =>
  <World>(name: string, call: Call<World>, details: Details = {}): Operation<World> => ({
    name,
    whenKeyDies,
    remark: details.remark ?? '',
    sendsHead: details.sendsHead ?? false,
    open: typeof call === 'function' ? async () => call : (world) => call.open(world),
  });

/** An operation of each kind. */
export const sentAgain = makerOf('sentAgain');
export const fails = makerOf('fails');
export const signs = makerOf('signs');
export const local = makerOf('local');

/** The method that an operation is about. */
export function methodOf({ name }: Pick<Operation<never>, 'name'>): string {
  return name.slice(0, name.indexOf('('));
}

/** Operations as rows of a table of tests. */
export function rowsOf<World>(
  operations: readonly Operation<World>[],
): (readonly [name: string, operation: Operation<World>])[] {
  return operations.map((operation) => [operation.name, operation]);
}

/** The methods that operations are about, sorted. */
export function methodsIn(operations: readonly Operation<never>[]): string[] {
  return [...new Set(operations.map(methodOf))].toSorted();
}
