/** What handlers get: a read method sees only the reading connection, so that it cannot write by accident. */
import type { Answer, Args, Contract, Method } from '#shared/rpc/contract.ts';
import type { Reader } from '../../store/database.ts';

export type ReadContext = { readonly reader: Reader; readonly signal: AbortSignal };

export type Handlers = {
  readonly [M in Method]: Contract[M]['kind'] extends 'read'
    ? (context: ReadContext, args: Args<M>) => Answer<M> | Promise<Answer<M>>
    : (signal: AbortSignal, args: Args<M>) => Answer<M> | Promise<Answer<M>>;
};

/** The handlers of one domain, to be spread into `Handlers`. */
export type DomainHandlers<Prefix extends string> = Pick<Handlers, Extract<Method, `${Prefix}.${string}`>>;
