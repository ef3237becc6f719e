/** A run that a guardrail ends: the customer's message holds a card number. */
import { Agent } from '@openai/agents';
import { ScriptedModel } from '../scripted-model.mjs';

const title = 'A guardrail stops a message with a card number';
const seconds = 2;
const trace = {
  name: 'Refund request',
  groupId: 'customer-88124',
  metadata: { channel: 'chat', environment: 'demo' },
};
// A well-known test number, of no account.
const request = 'Please refund to my card 4111 1111 1111 1111, the pot was broken.';

/** @param {import('../scripted-model.mjs').Pace} pace */
function firstAgent(pace) {
  return new Agent({
    name: 'Support desk',
    instructions: 'You answer customers. Never repeat card numbers.',
    model: new ScriptedModel(
      'scripted-small',
      [
        {
          ms: 1200,
          says: 'I am sorry about the pot. I cannot take card numbers here; the refund goes to the card that paid.',
        },
      ],
      pace,
    ),
    inputGuardrails: [
      {
        name: 'no_cardholder_data',
        runInParallel: false,
        execute: async ({ input }) => {
          await pace.wait(300);
          const found = /\b(?:\d[ -]?){13,16}\b/.test(typeof input === 'string' ? input : JSON.stringify(input));
          return { tripwireTriggered: found, outputInfo: { checked: 'card numbers', found } };
        },
      },
    ],
  });
}

/** @type {import('../scripted-model.mjs').Story} */
export const cardNumber = { title, seconds, trace, request, firstAgent };
