// The mail server of a replay: takes what we send, over SMTP on the loopback address, and keeps to whom. Nothing leaves the machine.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Sink {
  url: string;
  /** Receivers of the mails that came since the last time. */
  take(): string[];
  close(): Promise<void>;
}

export async function openSink(): Promise<Sink> {
  let receivers: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 50,
    logger: false,
    onData(stream, { envelope }, done) {
      stream.resume();
      stream.on('end', () => {
        receivers.push(...envelope.rcptTo.map(({ address }) => address.toLowerCase()));
        done();
      });
    },
  });
  // A client that breaks off is not ours to mend.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    take() {
      const taken = receivers;
      receivers = [];
      return taken;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
