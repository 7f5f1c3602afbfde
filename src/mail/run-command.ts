// `planbridge mail run`: sources, reading and conversations alone, for a machine of their own or for a single round.
import type { Command } from 'commander';
import { requireOdoo } from '../commands/options.ts';
import type { CommandSurroundings } from '../commands/surroundings.ts';
import { readConfig } from '../config.ts';
import { describeError } from '../errors.ts';
import { createLog } from '../log.ts';
import type { MailPart } from './open.ts';
import type { ProcessedMail } from './process.ts';

/** `17 ann@example.com "Order": order, sale order (folder /mails)` */
export function lineOf({ id, sender, subject, reading, outcome, source }: ProcessedMail): string {
  const reason = reading && 'reason' in reading ? ` (${reading.reason})` : '';
  const kind = reading ? `${reading.kind}${reason}, ` : '';
  // A subject is a stranger's: what would move the cursor is left out.
  const shown = subject.replaceAll(/\p{C}+/gu, ' ').slice(0, 80);
  return `${id} ${sender || 'nobody'} "${shown}": ${kind}${outcome} [${source}]`;
}

export function registerMailRunCommand(mail: Command, surroundings: CommandSurroundings): void {
  const { environment, print, printError, setExitCode, signal } = surroundings;
  mail
    .command('run')
    .description('take mails from the configured sources, read them and answer; one line for each mail')
    .option('--once', 'take and read what waits, carry out what is due, then end (the SMTP receiver is not started)')
    .action(async ({ once = false }: { once?: boolean }) => {
      // The whole service is loaded for this command only.
      const { startService } = await import('../serve.ts');
      const { openMail } = await import('./open.ts');
      const config = readConfig(environment);
      const log = createLog({ level: config.logLevel, write: printError });
      const onMail = (processed: ProcessedMail) => print(`${lineOf(processed)}\n`);
      let part: MailPart | undefined;
      const service = await startService(config, requireOdoo(config), log, 'worker', [
        async (given) => {
          part = await openMail(given, { onMail });
          // A single round starts nothing that goes on.
          return once ? { ...part, start: async () => {} } : part;
        },
      ]);
      try {
        if (!once) {
          await raised(signal);
          return;
        }
        const { read, failed } = await part!.once(signal);
        for (const [source, error] of failed) printError(`planbridge: ${source}: ${describeError(error)}\n`);
        print(`${read} mails read\n`);
        if (failed.size > 0) setExitCode(1);
      } finally {
        await service.close();
      }
    });
}

function raised(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
