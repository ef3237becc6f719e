import { sql as initial } from './0001-initial.ts';
import { sql as spanParts } from './0002-span-parts.ts';
import { sql as costBasis } from './0003-cost-basis.ts';
import { sql as sessions } from './0004-sessions.ts';
import { sql as rules } from './0005-rules.ts';
import { sql as metrics } from './0006-metrics.ts';
import { sql as toldCalls } from './0007-told-calls.ts';
import { sql as ledger } from './0008-ledger.ts';
import { sql as strays } from './0009-strays.ts';
import { sql as findings } from './0010-findings.ts';
import { sql as annotations } from './0011-annotations.ts';
import { sql as taxonomies } from './0012-taxonomies.ts';
import { sql as review } from './0013-review.ts';
import { sql as insights } from './0014-insights.ts';
import { sql as annotationSearch } from './0015-annotation-search.ts';
import { sql as graders } from './0016-graders.ts';
import { sql as judges } from './0017-judges.ts';
import { sql as evals } from './0018-evals.ts';

/** Forward only: entry i brings a workspace from version i to i + 1. Never edit an entry that was released. */
export const migrations: readonly { readonly name: string; readonly sql: string }[] = [
  { name: 'initial', sql: initial },
  { name: 'span parts', sql: spanParts },
  { name: 'cost basis', sql: costBasis },
  { name: 'sessions', sql: sessions },
  { name: 'rules', sql: rules },
  { name: 'metrics', sql: metrics },
  { name: 'told calls', sql: toldCalls },
  { name: 'ledger', sql: ledger },
  { name: 'strays', sql: strays },
  { name: 'findings', sql: findings },
  { name: 'annotations', sql: annotations },
  { name: 'taxonomies', sql: taxonomies },
  { name: 'review', sql: review },
  { name: 'insights', sql: insights },
  { name: 'annotation search', sql: annotationSearch },
  { name: 'graders', sql: graders },
  { name: 'judges', sql: judges },
  { name: 'evals', sql: evals },
];
