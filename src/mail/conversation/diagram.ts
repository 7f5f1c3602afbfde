// The table of transitions as a picture (Mermaid) and as a table, for docs/mail.md. Pure.
import { ENDS, STATES, TRANSITIONS } from './states.ts';

/** Names that Mermaid takes for states. */
function idOf(state: string): string {
  return state.replaceAll('-', '_');
}

export function stateDiagram(): string {
  const lines = ['stateDiagram-v2'];
  for (const state of STATES)
    if (idOf(state) !== state) lines.push(`  state "${state.replaceAll('-', ' ')}" as ${idOf(state)}`);
  lines.push('  [*] --> new');
  const arrows = Map.groupBy(TRANSITIONS, ({ from, to }) => `${idOf(from)} --> ${idOf(to)}`);
  for (const [arrow, rows] of arrows) {
    const events = rows.map(({ on, when }) => (when === undefined ? on : `${on} (${when})`));
    lines.push(`  ${arrow} : ${[...new Set(events)].join(', ')}`);
  }
  for (const state of STATES) if (ENDS.has(state)) lines.push(`  ${idOf(state)} --> [*]`);
  return lines.join('\n');
}

export function transitionTable(): string {
  const rows = TRANSITIONS.map(
    ({ from, on, when, to, effects }) =>
      `| ${from} | ${on}${when === undefined ? '' : ` (${when})`} | ${to} | ${effects.join(', ')} |`,
  );
  return ['| state | event | next state | what is due |', '|---|---|---|---|', ...rows].join('\n');
}
