// planbridge quote: how it reaches the service that runs.
import type { Command } from 'commander';
import { registerQuoteCommand } from '../planner/quotes/commands.ts';
import { reachOf, refusal } from './reach.ts';
import type { CommandSurroundings } from './surroundings.ts';

export function registerQuote(program: Command, { environment, print }: CommandSurroundings): void {
  registerQuoteCommand(
    program,
    async (path, body, url) => {
      const reach = await reachOf(environment, url);
      const headers = { authorization: reach.authorization, accept: 'application/json' };
      const answer = await fetch(reach.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      const text = await answer.text();
      if (!answer.ok) throw refusal(answer.status, text);
      return JSON.parse(text);
    },
    print,
  );
}
