// What-if moves of the plan editor: the session with the server, and the bars as the moves have them.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Sentence } from '../../../planner/output/sentence.ts';
import { api } from '../kit/api.ts';
import type { Said } from '../kit/language.ts';
import { may } from '../kit/start.ts';
import { say, sayError } from '../kit/ui.tsx';
import { t } from '../kit/words.ts';
import type { BoardBar } from './board.tsx';

interface Dates {
  start: number;
  end: number;
  resources: string[];
}

export interface ChangedOrder extends Dates {
  reference: string;
  type: string;
  item: string;
  demand: string | null;
  was: Dates;
  chosen: boolean;
}

export interface MoveProblem extends Said {
  kind: string;
  object: string;
  name: string;
  start: number;
  end: number;
}

export interface WhatifView {
  id: number;
  moves: number;
  planChanged: boolean;
  changed: ChangedOrder[];
  problems: MoveProblem[];
  solved: MoveProblem[];
  lost: { move: number; reason: string; sentence: Sentence }[];
}

interface Choices {
  operations: Record<string, string[][]>;
  same: boolean;
}

export interface Moves {
  view: WhatifView | null;
  busy: boolean;
  /** Whether bars can be dragged. */
  can: boolean;
  /** The plan on the screen is not what the model gives now. */
  stale: boolean;
  /** Rows that a bar may be moved to. */
  rows(bar: BoardBar): ReadonlySet<string>;
  /** @param start seconds on the plan's clock */
  move(bar: BoardBar, start: number, row: string): void;
  undo(): void;
  discard(): void;
  save(): void;
}

const NONE: ReadonlySet<string> = new Set();

export function useMoves(planId: number | null): Moves {
  const client = useQueryClient();
  const can = may('planner') && planId !== null;
  const [busy, setBusy] = useState(false);
  const open = useQuery({
    queryKey: ['whatif', planId],
    queryFn: async () => (await api.get<{ session: WhatifView | null }>('/api/whatif/open')).session,
    enabled: can,
    refetchOnWindowFocus: false,
  });
  const choices = useQuery({
    queryKey: ['whatif choices', planId],
    queryFn: () => api.get<Choices>('/api/whatif/choices'),
    enabled: can,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const view = open.data ?? null;
  const show = (next: WhatifView | null) => client.setQueryData(['whatif', planId], next);

  async function act(run: () => Promise<WhatifView | null>): Promise<void> {
    if (busy) return;
    setBusy(true);
    try {
      show(await run());
    } catch (error) {
      sayError(error);
    } finally {
      setBusy(false);
    }
  }

  const undo = () => {
    if (view && view.moves > 0) void act(() => api.post<WhatifView>(`/api/whatif/${view.id}/undo`));
  };
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z' || event.shiftKey) return;
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      event.preventDefault();
      undo();
    };
    addEventListener('keydown', key);
    return () => removeEventListener('keydown', key);
  });

  return {
    view,
    busy,
    can,
    stale: choices.data?.same === false,
    rows(bar) {
      const groups = choices.data?.operations[bar.operation ?? ''] ?? [];
      return new Set(groups.find((group) => group.includes(bar.row)) ?? NONE);
    },
    move(bar, start, row) {
      void act(async () => {
        const { id } = view ?? (await api.post<WhatifView>('/api/whatif'));
        const other = row === bar.row ? {} : { from: bar.row, to: row };
        return await api.post<WhatifView>(`/api/whatif/${id}/moves`, { reference: bar.reference, start, ...other });
      });
    },
    undo,
    discard() {
      if (!view) return;
      void act(async () => {
        await api.delete(`/api/whatif/${view.id}`);
        return null;
      });
    },
    save() {
      if (!view) return;
      void act(async () => {
        const { saved } = await api.post<{ saved: string[] }>(`/api/whatif/${view.id}/save`);
        say(t('{count} orders are approved with these dates: the next plan keeps them.', { count: saved.length }));
        return null;
      });
    },
  };
}

/** The bars where the moves have put them. */
export function movedBars(bars: readonly BoardBar[], view: WhatifView | null): (BoardBar & { changed: boolean })[] {
  const changes = new Map(view?.changed.map((order) => [order.reference, order]));
  return bars.map((bar) => {
    const change = changes.get(bar.reference);
    if (change === undefined) return { ...bar, changed: false };
    const at = change.was.resources.indexOf(bar.row);
    const row = at < 0 ? bar.row : (change.resources[at] ?? bar.row);
    return { ...bar, row, start: change.start, end: change.end, changed: true };
  });
}
