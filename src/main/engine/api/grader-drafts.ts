/** Definitions to begin with, made of what is stored: see src/shared/grader-drafts.ts. */
import type { GraderDefinition } from '#shared/grader.ts';
import type { DraftSource } from '#shared/grader-drafts.ts';
import { AppFailure } from '#shared/result.ts';
import { counting, folded, type Taxonomy } from '#shared/taxonomy.ts';
import { DETECTORS } from '../../analysis/detectors/registry.ts';
import { checkDefinition } from '../../graders/definition.ts';
import { draftsFromCategory, draftsFromDetector, type CategoryCase } from '../../graders/drafts/from-category.ts';
import { draftsFromSpan } from '../../graders/drafts/from-span.ts';
import { draftsFromTrajectory } from '../../graders/drafts/from-trajectory.ts';
import { taxonomiesOf } from '../../review/taxonomies.ts';
import type { Reader } from '../../store/database.ts';
import { categoryNotes } from '../../store/human-labels.ts';
import { createTraceGrader } from '../grading/grade-trace.ts';
import type { Prices } from '../prices.ts';
import { NO_SERVICES } from './grader-reads.ts';
import type { Handlers } from './types.ts';

export function graderDrafts(prices: Pick<Prices, 'estimator'>): Pick<Handlers, 'grader.drafts'> {
  return {
    'grader.drafts': ({ reader }, { from }) => {
      const names = new Set<string>();
      // Two that say the same in one name could not be told apart.
      return drafts(reader, prices, from).filter((draft) => {
        if (checkDefinition(draft).definition === null || names.has(draft.name)) return false;
        names.add(draft.name);
        return true;
      });
    },
  };
}

function drafts(reader: Reader, prices: Pick<Prices, 'estimator'>, from: DraftSource): readonly GraderDefinition[] {
  switch (from.kind) {
    case 'span': {
      const subject = createTraceGrader(reader, prices, NO_SERVICES).subject(from.traceId, from.spanId);
      if (!subject.span) throw new AppFailure({ code: 'not_found', message: 'This span does not exist.' });
      return draftsFromSpan(subject);
    }
    case 'trajectory': {
      const { trace } = createTraceGrader(reader, prices, NO_SERVICES).subject(from.traceId);
      return trace ? draftsFromTrajectory(trace) : [];
    }
    case 'category':
      return draftsFromCategory(categoryCase(reader, from.taxonomy, from.category), DETECTORS);
    case 'detector': {
      const detector = DETECTORS.find(({ id }) => id === from.id);
      if (!detector)
        throw new AppFailure({ code: 'not_found', message: `There is no detector "${from.id.slice(0, 60)}".` });
      return draftsFromDetector(detector);
    }
  }
}

function categoryCase(reader: Reader, taxonomyId: string, spelling: string): CategoryCase {
  const taxonomy: Pick<Taxonomy, 'categories'> = taxonomiesOf(reader).find(({ id }) => id === taxonomyId) ?? {
    categories: [],
  };
  const countedAs = counting(taxonomy);
  const code = countedAs(spelling);
  const known = taxonomy.categories.find((category) => category.code === code);
  const own = (other: string): boolean => folded(countedAs(other)) === folded(code);
  return {
    title: known?.title ?? spelling,
    definition: known?.definition ?? '',
    examples: categoryNotes(reader, taxonomyId, own),
  };
}
