import { sql as initial } from './0001-initial.ts';
import { sql as spanParts } from './0002-span-parts.ts';

/** Forward only: entry i brings a workspace from version i to i + 1. Never edit an entry that was released. */
export const migrations: readonly { readonly name: string; readonly sql: string }[] = [
  { name: 'initial', sql: initial },
  { name: 'span parts', sql: spanParts },
];
