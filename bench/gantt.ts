// The plan editor's chart with 10,000 bars in a real Chromium: it is scrolled, panned, zoomed and dragged on, and a trace tells how
// long the main thread was taken by each task, and the time between frames. `npm run bench:gantt` (`-- --bars 50000`).
import { parseArgs } from 'node:util';
import type { CDPSession, Page } from 'playwright-core';
import { missingChromium, startScreens } from '../test/screens/browser.ts';

const { values } = parseArgs({ options: { bars: { type: 'string', default: '10000' } } });
const BARS = Number(values.bars);
const ROWS = 60;
const NOW = Date.UTC(2026, 0, 5) / 1_000;
const FRAME_MS = 32;

/** A plan of orders one behind the other on each resource, with gaps, over as long as it takes. */
function board() {
  let seed = 1;
  const next = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  const ends = Array.from({ length: ROWS }, () => NOW);
  const bars = Array.from({ length: BARS }, (_, i) => {
    const row = i % ROWS;
    const start = (ends[row] as number) + Math.floor(next() * 7_200);
    const end = start + 900 + Math.floor(next() * 14_400);
    // some lie over others
    ends[row] = next() < 0.15 ? start + 600 : end;
    const late = next() < 0.2 ? 86_400 : 0;
    return {
      ...{ id: `O${i}`, reference: `O${i}`, row: `Resource ${String(row).padStart(2, '0')}`, start, end },
      ...{ item: `Item ${i % 500}`, operation: `make ${i % 500}`, owner: null, type: 'MO' },
      ...{ status: i % 9 === 0 ? 'confirmed' : 'proposed', quantity: 1 + (i % 40), lateSeconds: late },
      demands: [`D${i % 3_000}`],
    };
  });
  const rows = [...new Set(bars.map(({ row }) => row))].map((key) => ({ key, label: key, hint: '100 h' }));
  return { planId: 1, now: NOW, rows, bars, cut: false };
}

interface TraceEvent {
  name: string;
  ph: string;
  dur?: number;
  /** Of the thread itself: without the time that other processes took. */
  tdur?: number;
  tid: number;
  args?: { name?: string };
}

interface Figures {
  tasks: { wall: number; own: number }[];
  frames: number[];
}

async function traced(page: Page, client: CDPSession, act: () => Promise<void>): Promise<Figures> {
  await page.evaluate(`{
    const list = [];
    Object.assign(window, { benchFrames: list, benchStop: false });
    let last = 0;
    const frame = (at) => {
      if (last > 0) list.push(at - last);
      last = at;
      if (!window.benchStop) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }`);
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: object[] }) => void events.push(...(value as TraceEvent[]));
  client.on('Tracing.dataCollected', collect);
  await client.send('Tracing.start', {
    transferMode: 'ReportEvents',
    categories: 'toplevel,devtools.timeline,__metadata',
  } as never);
  await act();
  const complete = new Promise((resolve) => client.once('Tracing.tracingComplete', resolve));
  await client.send('Tracing.end');
  await complete;
  client.off('Tracing.dataCollected', collect);
  const frames = (await page.evaluate('window.benchStop = true, window.benchFrames')) as number[];
  const main = new Set(
    events.filter((e) => e.name === 'thread_name' && e.args?.name === 'CrRendererMain').map((e) => e.tid),
  );
  const tasks = events
    .filter((e) => main.has(e.tid) && e.ph === 'X' && /^(RunTask|ThreadControllerImpl::RunTask)$/.test(e.name))
    .map((e) => ({ wall: (e.dur ?? 0) / 1_000, own: (e.tdur ?? e.dur ?? 0) / 1_000 }));
  return { tasks, frames };
}

function line(name: string, { tasks, frames }: Figures): string {
  const figures = (list: number[]) => {
    const sorted = list.toSorted((a, b) => a - b);
    const at = (part: number) => (sorted[Math.floor(part * (sorted.length - 1))] ?? 0).toFixed(1);
    return `median ${at(0.5)}, 99 % ${at(0.99)}, most ${at(1)} ms, over ${FRAME_MS} ms: ${list.filter((ms) => ms > FRAME_MS).length} of ${list.length}`;
  };
  const busy = tasks.filter(({ wall }) => wall > 1);
  return [
    name,
    `  main thread's own time, tasks over 1 ms: ${figures(busy.map(({ own }) => own))}`,
    `  by the clock: ${figures(busy.map(({ wall }) => wall))}`,
    `  between frames: ${figures(frames)}`,
  ].join('\n');
}

if (missingChromium() === null) {
  const screens = await startScreens();
  try {
    const page = await screens.context.newPage();
    const answer = JSON.stringify(board());
    await page.route('**/api/board*', (route) => route.fulfill({ contentType: 'application/json', body: answer }));
    await page.route('**/api/whatif/**', (route) =>
      route.fulfill({
        contentType: 'application/json',
        body: JSON.stringify({ session: null, operations: {}, same: true }),
      }),
    );
    const opened = performance.now();
    await page.goto(`${screens.service.url}/planningboard/?webtoken=${screens.webtoken()}`);
    await page.locator('canvas').waitFor();
    console.log(`${BARS} bars on ${ROWS} rows; page and chart after ${Math.round(performance.now() - opened)} ms`);
    await page.waitForTimeout(1_000);
    const client = await page.context().newCDPSession(page);
    const box = (await page.locator('canvas').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const repeat = async (times: number, act: (i: number) => Promise<void>) => {
      for (let i = 0; i < times; i++) {
        await act(i);
        await page.waitForTimeout(8);
      }
    };
    console.log(
      line(
        'scrolling down and up',
        await traced(page, client, () => repeat(120, (i) => page.mouse.wheel(0, i < 60 ? 40 : -40))),
      ),
    );
    console.log(
      line(
        'scrolling in time',
        await traced(page, client, () => repeat(120, (i) => page.mouse.wheel(i < 60 ? 60 : -60, 0))),
      ),
    );
    await page.keyboard.down('Control');
    console.log(
      line(
        'zooming out and in',
        await traced(page, client, () => repeat(80, (i) => page.mouse.wheel(0, i % 40 < 20 ? 50 : -50))),
      ),
    );
    await page.keyboard.up('Control');
    for (let i = 0; i < 14; i++) await page.locator('canvas').press('-');
    console.log(
      line(
        'scrolling with everything in sight',
        await traced(page, client, () => repeat(120, (i) => page.mouse.wheel(i % 2 ? 0 : 30, i < 60 ? 40 : -40))),
      ),
    );
    await page.mouse.down();
    console.log(
      line(
        'panning',
        await traced(page, client, () =>
          repeat(120, (i) =>
            page.mouse.move(box.x + box.width / 2 + (i < 60 ? i * 4 : (120 - i) * 4), box.y + box.height / 2),
          ),
        ),
      ),
    );
    await page.mouse.up();
  } finally {
    await screens.close();
  }
}
