import type { InjectionToken, OptionalFactoryDependency } from '@nestjs/common';

/** What `inject` of a definition may name. */
export type Injectables = readonly (InjectionToken | OptionalFactoryDependency)[];

/**
 * The values that Nest injects for what `inject` names: instances of the classes. The type behind any other token is
 * not known, so its parameter must be annotated.
 */
export type InjectedValues<Inject extends Injectables> = {
  -readonly [Index in keyof Inject]: InjectedValue<Inject[Index]>;
};

/** The value that Nest injects for one token. */
export type InjectedValue<Token> = Token extends abstract new (...parameters: never) => infer Instance
  ? Instance
  : Token extends { readonly token: infer Inner; readonly optional: true }
    ? InjectedValue<Inner> | undefined
    : Token extends { readonly token: infer Inner }
      ? InjectedValue<Inner>
      : never;

/** What Nest hands over has the types of what `inject` names; Nest's own types cannot say so. */
export function injectedValues<Inject extends Injectables>(
  handedOver: readonly unknown[],
): InjectedValues<Inject> {
  return handedOver as InjectedValues<Inject>;
}
