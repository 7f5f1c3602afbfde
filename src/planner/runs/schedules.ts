// Schedules as they are kept: which chain, when, in which time zone, and what to do about times that were missed.
import { z } from 'zod';
import type { Query } from '../../store/database.ts';
import { nextTime } from './cron.ts';
import { STEP_NAMES, type StepName } from './step.ts';

export const MISSED = ['once', 'skip'] as const;

export const ScheduleView = z.object({
  id: z.number(),
  name: z.string(),
  /** The steps' names, separated by commas. */
  kind: z.string(),
  parameters: z.record(z.string(), z.record(z.string(), z.unknown())),
  /** Minute, hour, day, month, weekday. */
  cron: z.string(),
  zone: z.string(),
  enabled: z.boolean(),
  missed: z.enum(MISSED),
  nextAt: z.date().nullable(),
  lastAt: z.date().nullable(),
  lastRun: z.number().nullable(),
  lastNote: z.string(),
  changedBy: z.string(),
  changedAt: z.date(),
});
export type ScheduleView = z.infer<typeof ScheduleView>;

export interface ScheduleInput {
  name: string;
  steps: readonly StepName[];
  parameters: Readonly<Record<string, unknown>>;
  cron: string;
  zone: string;
  enabled: boolean;
  missed: (typeof MISSED)[number];
}

export interface ScheduleRow extends Omit<ScheduleView, 'kind'> {
  steps: StepName[];
}

const COLUMNS = `id::float8 as id, name, steps, parameters, cron, zone, enabled, missed, next_at as "nextAt",
  last_at as "lastAt", last_run::float8 as "lastRun", last_note as "lastNote", changed_by as "changedBy",
  changed_at as "changedAt"`;

export function scheduleView({ steps, ...row }: ScheduleRow): ScheduleView {
  return { ...row, kind: steps.filter((step) => STEP_NAMES.includes(step)).join(',') };
}

export async function listSchedules(query: Query, odoo: string): Promise<ScheduleRow[]> {
  return await query(`select ${COLUMNS} from planbridge.schedule where odoo = $1 order by name, id`, [odoo]);
}

export async function findSchedule(query: Query, odoo: string, id: number): Promise<ScheduleRow | null> {
  const sql = `select ${COLUMNS} from planbridge.schedule where odoo = $1 and id = $2`;
  const [row] = await query<ScheduleRow>(sql, [odoo, id]);
  return row ?? null;
}

/** Its next time counts from now. @param id null makes a new one. @returns null when there is none of this id */
export async function saveSchedule(
  query: Query,
  odoo: string,
  id: number | null,
  input: ScheduleInput,
  who: string,
  now: number,
): Promise<ScheduleRow | null> {
  const { name, steps, parameters, cron, zone, enabled, missed } = input;
  const next = enabled ? nextTime(input, now) : null;
  const values = [
    odoo,
    name,
    steps,
    JSON.stringify(parameters),
    cron,
    zone,
    enabled,
    missed,
    next === null ? null : new Date(next),
    who,
    new Date(now),
  ];
  const sql =
    id === null
      ? `insert into planbridge.schedule
           (odoo, name, steps, parameters, cron, zone, enabled, missed, next_at, changed_by, changed_at)
         values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8, $9, $10, $11) returning ${COLUMNS}`
      : `update planbridge.schedule set name = $2, steps = $3, parameters = $4::jsonb, cron = $5, zone = $6, enabled = $7,
           missed = $8, next_at = $9, changed_by = $10, changed_at = $11
         where odoo = $1 and id = $12 returning ${COLUMNS}`;
  const [row] = await query<ScheduleRow>(sql, id === null ? values : [...values, id]);
  return row ?? null;
}

export async function removeSchedule(query: Query, odoo: string, id: number): Promise<boolean> {
  const gone = await query('delete from planbridge.schedule where odoo = $1 and id = $2 returning id', [odoo, id]);
  return gone.length > 0;
}

/** The one that is due the longest, held until the transaction ends; another process gets another one. */
export async function takeDue(query: Query, odoo: string, now: number): Promise<ScheduleRow | null> {
  const [row] = await query<ScheduleRow>(
    `select ${COLUMNS} from planbridge.schedule where odoo = $1 and enabled and next_at <= $2
     order by next_at, id limit 1 for update skip locked`,
    [odoo, new Date(now)],
  );
  return row ?? null;
}

export async function noteFired(
  query: Query,
  id: number,
  fired: { next: number | null; at: number; run: number | null; note: string },
): Promise<void> {
  await query(
    `update planbridge.schedule set next_at = $2, last_at = $3, last_run = coalesce($4, last_run), last_note = $5 where id = $1`,
    [id, fired.next === null ? null : new Date(fired.next), new Date(fired.at), fired.run, fired.note],
  );
}
