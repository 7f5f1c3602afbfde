// Draws what is seen of a Gantt chart on a canvas: thousands of bars within a frame, for only those on the screen are touched.
import { type GanttBar, type GanttPlace, LANE_PX, type Span, seen, ticks, timeAt, xAt } from './gantt-model.ts';
import { color } from './theme.ts';

export interface GanttLook {
  place: GanttPlace;
  span: Span;
  /** Pixels scrolled down. */
  top: number;
  width: number;
  height: number;
  now: number;
  locale: string;
  chosen: string | null;
  /** Orders that belong to the chosen one's chain. */
  related: ReadonlySet<string>;
  /** What fits the search; null = nothing is searched. */
  found: ReadonlySet<string> | null;
  /** A bar on its way with the pointer. */
  dragged: { id: string; start: number; end: number; row: string; refused: boolean } | null;
}

export const HEAD_PX = 26;

export interface Palette {
  paper: string;
  ink: string;
  soft: string;
  line: string;
  faint: string;
  accent: string;
  late: string;
  moved: string;
  bars: Record<GanttBar['tone'], string>;
}

export function readPalette(): Palette {
  return {
    paper: color('--paper'),
    ink: color('--ink'),
    soft: color('--ink-soft'),
    line: color('--line'),
    faint: color('--line-soft'),
    accent: color('--accent'),
    late: color('--late'),
    moved: color('--bar-moved'),
    bars: {
      normal: color('--bar'),
      locked: color('--bar-locked'),
      late: color('--bar-late'),
      warn: color('--bar-warn'),
    },
  };
}

const LABEL_FROM_PX = 34;

export function drawGantt(canvas: CanvasRenderingContext2D, look: GanttLook, palette: Palette): void {
  const { place, span, top, width, height, now, locale, dragged } = look;
  canvas.fillStyle = palette.paper;
  canvas.fillRect(0, 0, width, height);
  canvas.font = '11px system-ui, sans-serif';
  canvas.textBaseline = 'middle';

  const lines = ticks(span, width, locale);
  for (const { time, strong } of lines) {
    canvas.fillStyle = strong ? palette.line : palette.faint;
    canvas.fillRect(Math.round(xAt(span, time)), HEAD_PX, 1, height - HEAD_PX);
  }
  canvas.save();
  canvas.beginPath();
  canvas.rect(0, HEAD_PX, width, height - HEAD_PX);
  canvas.clip();
  const to = timeAt(span, width);
  for (const row of place.rows) {
    const y = HEAD_PX + row.top - top;
    if (y + row.height < HEAD_PX) continue;
    if (y > height) break;
    canvas.fillStyle = palette.faint;
    canvas.fillRect(0, y + row.height - 1, width, 1);
    row.lanes.forEach((lane, index) => {
      let pixel = Number.NEGATIVE_INFINITY;
      let tone = '';
      for (const bar of seen(lane, span.start, to)) {
        // from afar thousands fall on the same pixel: one of each colour is enough
        const right = Math.floor(xAt(span, bar.end));
        if (right <= pixel && tone === bar.tone && !bar.changed && !standsOut(look, bar.id)) continue;
        pixel = right;
        tone = bar.tone;
        if (dragged?.id === bar.id) canvas.globalAlpha = 0.3;
        drawBar(canvas, bar, y + index * LANE_PX, look, palette);
        canvas.globalAlpha = 1;
      }
    });
    if (dragged?.row === row.key) drawDragged(canvas, dragged, y, span, palette);
  }
  const x = Math.round(xAt(span, now));
  canvas.fillStyle = palette.accent;
  canvas.fillRect(x, HEAD_PX, 2, height - HEAD_PX);
  canvas.restore();

  canvas.fillStyle = palette.paper;
  canvas.fillRect(0, 0, width, HEAD_PX - 1);
  canvas.fillStyle = palette.line;
  canvas.fillRect(0, HEAD_PX - 1, width, 1);
  canvas.fillStyle = palette.soft;
  lines.forEach(({ time, label }, index) => {
    const at = xAt(span, time);
    const next = lines[index + 1];
    const end = next ? xAt(span, next.time) : width;
    // One that began before the picture stands at its edge, where there is room.
    if (at < 0 && end < canvas.measureText(label).width + 12) return;
    canvas.fillText(label, Math.max(0, at) + 4, HEAD_PX / 2);
  });
}

/** Chosen, found, or of the same chain: always drawn. */
function standsOut({ chosen, related, found }: GanttLook, id: string): boolean {
  return id === chosen || (chosen !== null && related.has(id)) || (found?.has(id) ?? false);
}

function drawBar(
  canvas: CanvasRenderingContext2D,
  bar: GanttBar,
  y: number,
  { span, width, chosen, related, found }: GanttLook,
  palette: Palette,
): void {
  const from = Math.max(-4, xAt(span, bar.start));
  const length = Math.max(2, Math.min(width + 4, xAt(span, bar.end)) - from);
  if (found !== null && !found.has(bar.id)) canvas.globalAlpha *= 0.2;
  else if (chosen !== null && bar.id !== chosen && !related.has(bar.id)) canvas.globalAlpha *= 0.45;
  canvas.fillStyle = palette.bars[bar.tone];
  canvas.fillRect(from, y + 3, length, LANE_PX - 5);
  if (bar.changed) {
    canvas.fillStyle = palette.moved;
    canvas.fillRect(from, y + LANE_PX - 6, length, 4);
    canvas.fillRect(from, y + 3, Math.min(4, length), LANE_PX - 5);
  }
  if (bar.id === chosen) {
    canvas.strokeStyle = palette.ink;
    canvas.lineWidth = 2;
    canvas.strokeRect(from, y + 3, length, LANE_PX - 5);
  }
  if (length > LABEL_FROM_PX) {
    canvas.save();
    canvas.beginPath();
    canvas.rect(from, y, length - 4, LANE_PX);
    canvas.clip();
    canvas.fillStyle = '#fff';
    canvas.fillText(bar.label, Math.max(4, from + 5), y + LANE_PX / 2 + 1);
    canvas.restore();
  }
  canvas.globalAlpha = 1;
}

function drawDragged(
  canvas: CanvasRenderingContext2D,
  { start, end, refused }: NonNullable<GanttLook['dragged']>,
  y: number,
  span: Span,
  palette: Palette,
): void {
  const from = xAt(span, start);
  canvas.fillStyle = refused ? palette.late : palette.accent;
  canvas.globalAlpha = 0.75;
  canvas.fillRect(from, y + 3, Math.max(3, xAt(span, end) - from), LANE_PX - 5);
  canvas.globalAlpha = 1;
}
