/** Answers about origins in words. */
import type { Origin, OriginStep } from '#shared/answers.ts';
import { visibleString } from '../../../widgets/visible-text.ts';

const NAME = 80;

/** Who did what with the text, after the agent's name where there is one. */
export function deedWords({ deed, voice, name, place }: OriginStep): string {
  const called = visibleString(name.slice(0, NAME)) || 'it';
  const who = place.agent === null ? '' : 'was given it';
  switch (deed) {
    case 'given':
      return voice === 'user'
        ? 'was told it by the user'
        : voice === 'instructions'
          ? 'has it in its instructions'
          : voice === 'tool'
            ? 'read it in a tool result'
            : voice === 'agent'
              ? 'read it in what an agent had said'
              : 'was given it';
    case 'said':
      return place.agent === null ? `${called} said it` : 'said it';
    case 'asked':
      return place.agent === null ? `${called} was called with it` : `called ${called} with it`;
    case 'returned':
      return place.side === 'error' ? `${called} failed with it` : `${called} returned it`;
    case 'retrieved':
      return `${called} found it`;
    case 'passed':
      return place.agent === null ? 'a handoff passed it on' : 'handed it on';
    case 'begun':
      return voice === 'user' ? 'was told it by the user' : who || `${called} began with it`;
    case 'ended':
      return voice === 'user' ? 'the user said it' : place.agent === null ? `${called} gave it back` : 'gave it back';
  }
}

export function verdictWords({ verdict, steps }: Origin): string {
  const [first] = steps;
  switch (verdict) {
    case 'found': {
      const agent = first?.place.agent ?? null;
      return first?.deed === 'said' && agent !== null
        ? `${visibleString(agent.slice(0, NAME))} was the first to say it; nothing that it had been given holds it`
        : 'Found earlier in the trace';
    }
    case 'begins':
      return first?.voice === 'user'
        ? 'It begins here, with the user'
        : first?.voice === 'tool'
          ? 'It begins here, with what the tool returned'
          : 'It begins here';
    case 'none':
      return 'No source found: nothing before this place holds it';
    case 'absent':
      return 'This text is not in what the span read or wrote';
  }
}
