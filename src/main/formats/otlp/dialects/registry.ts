import { generic } from './generic.ts';
import { langGraph } from './langgraph.ts';
import { openInference } from './openinference.ts';
import { otelGenAi } from './otel-genai.ts';
import type { Dialect } from './types.ts';

/**
 * All dialects, the one whose name a span shows first when several match. The order does not decide facts: each
 * source has its own rank.
 */
export const DIALECTS: readonly Dialect[] = [openInference, otelGenAi, langGraph, generic];
