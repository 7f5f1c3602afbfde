// Rows of a grid by their place, page by page as they are looked at.
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, query } from './api.ts';
import type { Row } from './grid-cells.tsx';

export interface GridLayout {
  columns: { name: string; width?: number }[];
  /** JSON of filters, as the server takes them. */
  filter: string;
  sort: string;
}

interface Page {
  rows: Row[];
  total: number;
}

const PAGE = 200;
const PAUSE_MS = 200;

export interface GridRequest {
  filter: string;
  search: string;
  sort: string;
  version: number;
}

export interface GridPages {
  /** null = not known yet. */
  total: number | null;
  /** undefined = on its way. */
  row(index: number): Row | undefined;
  pending: boolean;
  error: Error | null;
  retry(): void;
}

export function usePages(grid: string, wanted: GridRequest): GridPages {
  const { filter, search, sort, version } = useSettled(wanted);
  const [pages, setPages] = useState<readonly number[]>([0]);
  const asked = useRef(new Set<number>([0]));
  const request = JSON.stringify([filter, search, sort, version]);
  const last = useRef(request);
  if (last.current !== request) {
    last.current = request;
    asked.current = new Set(pages.slice(-3));
  }
  const answers = useQueries({
    queries: pages.map((page) => ({
      queryKey: ['grid', grid, filter, search, sort, version, page],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.get<Page>(`/api/grids/${grid}${query({ filter, search, sort, offset: page * PAGE, limit: PAGE })}`, signal),
      placeholderData: keepPreviousData,
      // Who comes back to a list sees it as it is.
      staleTime: 0,
    })),
  });
  const byPage = new Map(pages.map((page, index) => [page, answers[index]!]));
  const first = answers.find(({ data }) => data);
  const error = answers.find((answer) => answer.error)?.error ?? null;

  const row = useCallback(
    (index: number) => {
      const page = Math.floor(index / PAGE);
      if (!asked.current.has(page)) {
        asked.current.add(page);
        // Not while rendering.
        queueMicrotask(() => setPages((before) => (before.includes(page) ? before : [...before.slice(-12), page])));
      }
      return byPage.get(page)?.data?.rows[index % PAGE];
    },
    [byPage],
  );
  return {
    total: first?.data?.total ?? null,
    row,
    pending: answers.some(({ isPending }) => isPending),
    error,
    retry: () => {
      for (const answer of answers) void answer.refetch();
    },
  };
}

/** What is typed is asked for when typing pauses. */
function useSettled(wanted: GridRequest): GridRequest {
  const [settled, setSettled] = useState(wanted);
  const { filter, search, sort, version } = wanted;
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ filter, search, sort, version }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [filter, search, sort, version]);
  return settled.search === search ? wanted : settled;
}
