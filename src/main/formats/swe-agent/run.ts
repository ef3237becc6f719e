import { makeOrigin } from '../logs/span.ts';

export const ORIGIN = makeOrigin('swe_agent');
/** Span id of the run as a whole. */
export const ROOT = 'run';
