// Calendar buckets: months, and weeks that begin on Monday, numbered so that neighbours differ by one. Pure.
import type { PlanTime } from '../model.ts';

export type BucketKind = 'month' | 'week';

const DAY = 86_400;
/** 1970-01-01 was a Thursday. */
const MONDAY = 3;

/** Buckets of one season. */
export function seasonLength(kind: BucketKind): number {
  return kind === 'month' ? 12 : 52;
}

/** Number of the bucket in which a moment lies. */
export function bucketOf(kind: BucketKind, t: PlanTime): number {
  const day = Math.floor(t / DAY);
  if (kind === 'week') return Math.floor((day + MONDAY) / 7);
  const date = new Date(day * DAY * 1000);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** First moment of a bucket; that of the next one is its end. */
export function bucketStart(kind: BucketKind, bucket: number): PlanTime {
  if (kind === 'week') return (bucket * 7 - MONDAY) * DAY;
  return Date.UTC(1970 + Math.floor(bucket / 12), ((bucket % 12) + 12) % 12, 1) / 1000;
}

/** For people: `2026-01`, `2026-W02` (the year is that of its Thursday, as ISO 8601 counts). */
export function bucketName(kind: BucketKind, bucket: number): string {
  const start = new Date(bucketStart(kind, bucket) * 1000);
  if (kind === 'month') return start.toISOString().slice(0, 7);
  const year = new Date(start.getTime() + 3 * DAY * 1000).getUTCFullYear();
  const first = bucketOf('week', Date.UTC(year, 0, 4) / 1000);
  return `${year}-W${String(bucket - first + 1).padStart(2, '0')}`;
}
