// Server-sent events with our authorization, which the browser's EventSource cannot send. Reconnects where it was cut.
import { checked, send } from './api.ts';

export interface ServerEvent {
  id: string;
  event: string;
  data: string;
}

const PAUSE_MS = 2_000;

/** Ends when the server says so with an event `end`, or when `signal` aborts. */
export async function listen(path: string, take: (event: ServerEvent) => void, signal: AbortSignal): Promise<void> {
  let last = '';
  while (!signal.aborted) {
    try {
      const headers = { Accept: 'text/event-stream', ...(last ? { 'Last-Event-ID': last } : {}) };
      const answer = await checked(await send('GET', path, { headers, signal }));
      for await (const event of eventsOf(answer)) {
        if (event.id) last = event.id;
        take(event);
        if (event.event === 'end') return;
      }
    } catch (error) {
      if (signal.aborted) return;
      const { status = 0 } = error as { status?: number };
      if (status >= 400 && status < 500) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function* eventsOf(answer: Response): AsyncGenerator<ServerEvent> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split(/\r?\n\r?\n/);
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event: ServerEvent = { id: '', event: 'message', data: '' };
      for (const line of block.split(/\r?\n/)) {
        const [, field = '', content = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
        if (field === 'data') event.data += event.data ? `\n${content}` : content;
        else if (field === 'id' || field === 'event') event[field] = content;
      }
      if (event.data || event.event !== 'message') yield event;
    }
  }
}
