// What commands use of the process; tests give their own.
import type { Environment } from '../config.ts';

export interface CommandSurroundings {
  environment: Environment;
  stdout: NodeJS.WritableStream;
  print(text: string): void;
  printError(text: string): void;
  /** Whether a person watches standard error. */
  terminal: boolean;
  setExitCode(code: number): void;
  /** Raised when the process is asked to end. */
  signal: AbortSignal;
}

export function processSurroundings(): CommandSurroundings {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    // The second time the process ends at once, as without us.
    process.once(name, () => stop.abort());
  }
  return {
    environment: process.env,
    stdout: process.stdout,
    print: (text) => void process.stdout.write(text),
    printError: (text) => void process.stderr.write(text),
    terminal: process.stderr.isTTY === true,
    setExitCode(code) {
      process.exitCode = code;
    },
    signal: stop.signal,
  };
}
