// 3: whether this machine reaches the outside. Only when none of the hosts can be reached is the configured command run, once a run:
// it may restart the machine, and the run that is taken up afterwards must not do so again.
import { execFile } from 'node:child_process';
import { connect, isIP } from 'node:net';
import { promisify } from 'node:util';
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import { automation } from '../automation.ts';
import { askHttp, saidBy } from '../engines/http.ts';

const run = promisify(execFile);

const Host = z
  .string()
  .refine(
    (text) => isIP(text) !== 0 || /^https?:$/.test(URL.parse(text)?.protocol ?? ''),
    'is neither an address like 1.1.1.1 nor a web address',
  );

const settings = z.object({
  hosts: z
    .array(Host)
    .min(1)
    .default(['https://www.google.com/', '1.1.1.1', '8.8.8.8'])
    .describe('Reliable hosts; one that answers is enough'),
  port: z.int().min(1).max(65_535).default(53).describe('Port that is tried at plain addresses'),
  timeoutSeconds: z.number().positive().max(300).default(10).describe('Longest wait for each'),
  command: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Program and its arguments that are run when none answers, ["systemctl", "reboot"]; without it that is only said',
    ),
});

/** Whether it answers, with whatever. A refused connection is no answer: firewalls refuse in the name of hosts far away. */
export async function answers(host: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  if (isIP(host) === 0) {
    return await askHttp({ method: 'HEAD', url: host, timeoutMs, signal }).then(
      () => true,
      () => {
        signal.throwIfAborted();
        return false;
      },
    );
  }
  return await new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (reached: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reached);
    };
    const timer = setTimeout(() => end(false), timeoutMs);
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

export const connectionCheck = automation({
  name: 'connection-check',
  title: 'Connection check',
  seed: '3',
  description: 'Looks whether any of three reliable hosts answers; when all of them fail, runs the configured command.',
  schedule: 'hourly',
  missed: 'skip',
  needs: [],
  settings,
  async run({ settings: { hosts, port, timeoutSeconds, command }, signal, effect, log, count }) {
    const timeoutMs = timeoutSeconds * 1_000;
    const reached = await Promise.all(hosts.map((host) => answers(host, port, timeoutMs, signal)));
    signal.throwIfAborted();
    const silent = hosts.filter((_, at) => !reached[at]);
    count('hosts that answer', hosts.length - silent.length);
    if (silent.length < hosts.length) {
      if (silent.length > 0) log('info', `Connected; no answer from ${silent.join(', ')}.`);
      return;
    }
    log('error', `Disconnected: none of ${hosts.join(', ')} answers.`);
    const [program, ...rest] = command;
    if (program === undefined) return;
    await effect(
      {
        ...{ key: 'command', once: 'run', subject: 'Connection', description: `runs ${command.join(' ')}` },
        ...{ before: null, after: null },
      },
      async () => {
        await run(program, rest, { timeout: 300_000, signal }).catch((error: Error & { stderr?: string }) => {
          signal.throwIfAborted();
          throw new PlanbridgeError('PB_FILE', 500, `${program} failed: ${saidBy(error.stderr || error.message)}`, {
            remedy: 'Check the command, and whether the service may run it.',
            cause: error,
          });
        });
        return true;
      },
      // It was begun: it has restarted the machine, or has failed. Once is enough.
      async () => true,
    );
  },
});
