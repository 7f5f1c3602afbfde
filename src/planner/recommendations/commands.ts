// `planbridge recommend`: plans a document and writes what to do.
import type { Command } from 'commander';
import { argumentsOf, type EngineOptions, planFlags } from '../commands.ts';
import { planInThread } from '../engine/worker.ts';

interface Options extends EngineOptions {
  model: string;
  out: string;
}

export function registerRecommendCommand(program: Command): void {
  const command = program
    .command('recommend')
    .description('plan a document with the built-in engine, and write what to buy, make, move, hurry or cancel')
    .requiredOption('--model <file>', 'plan document, .xml or .xml.gz')
    .requiredOption('--out <file>', 'file for the recommendations (JSON)');
  planFlags(command).action(async (options: Options) => {
    const outputs = [{ kind: 'recommendations', path: options.out } as const];
    const summary = await planInThread({ model: options.model, args: argumentsOf(options), outputs });
    process.stdout.write(
      `${options.model}: ${summary.demands} demands, ${summary.late} late, ${summary.short} short\n`,
    );
  });
}
