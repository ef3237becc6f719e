import * as agents from '@openai/agents';
import { z } from 'zod';
import story from './story.cjs';

await story.play(agents, z);
