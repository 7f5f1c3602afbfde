-- Runs: what was asked for, how far it is, what came of it; and the schedules that ask by themselves.
-- Which process has a run is the queue's business (schema planbridge_jobs); `attempt` tells a holder that it is no longer the one.

create table planbridge.schedule (
  id bigint generated always as identity primary key,
  odoo text not null,
  name text not null,
  steps text[] not null,
  parameters jsonb not null default '{}',
  cron text not null,
  -- as in the IANA database: Europe/Berlin
  zone text not null,
  enabled boolean not null default true,
  -- after an outage: once = one run for all that were missed, skip = none
  missed text not null default 'once' check (missed in ('once', 'skip')),
  next_at timestamptz,
  last_at timestamptz,
  last_run bigint,
  -- what became of the last time, when it was no run
  last_note text not null default '',
  changed_by text not null,
  changed_at timestamptz not null
);
create index schedule_due on planbridge.schedule (next_at) where enabled;

create table planbridge.run (
  id bigint generated always as identity primary key,
  odoo text not null,
  company text not null default '',
  steps text[] not null,
  -- by name of the step
  parameters jsonb not null default '{}',
  trigger text not null check (trigger in ('planner', 'schedule', 'api', 'command')),
  who text not null,
  -- the same request sent twice is one run
  request_key text unique,
  schedule_id bigint references planbridge.schedule (id) on delete set null,
  -- waiting: for another run; queued: for a worker
  state text not null check (state in ('waiting', 'queued', 'running', 'done', 'failed', 'cancelled')),
  -- position of the step that is next or at work
  step integer not null default 0,
  -- of that step, 0 to 1
  part double precision not null default 0,
  what text not null default '',
  -- how often a worker has begun with it; what an earlier one still writes is refused
  attempt integer not null default 0,
  worker text not null default '',
  job_id uuid,
  beat_at timestamptz,
  cancel_by text,
  error jsonb,
  requested_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index run_newest on planbridge.run (odoo, id desc);
create index run_unfinished on planbridge.run (odoo, company, id) where state in ('waiting', 'queued', 'running');

create table planbridge.run_step (
  run_id bigint not null references planbridge.run (id) on delete cascade,
  position integer not null,
  name text not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  -- how often it was begun without an end
  tries integer not null default 0,
  -- as text: figures stay in their order
  counts json not null default '{}',
  -- what was left out, and why
  report jsonb not null default '[]',
  started_at timestamptz,
  finished_at timestamptz,
  primary key (run_id, position)
);

create table planbridge.run_log (
  id bigint generated always as identity primary key,
  run_id bigint not null references planbridge.run (id) on delete cascade,
  at timestamptz not null,
  step text not null default '',
  level text not null check (level in ('info', 'warn', 'error')),
  message text not null
);
create index run_log_lines on planbridge.run_log (run_id, id);
