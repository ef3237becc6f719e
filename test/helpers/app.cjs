const agents = require('@openai/agents');
const { z } = require('zod');
const { play } = require('./story.cjs');

void play(agents, z);
