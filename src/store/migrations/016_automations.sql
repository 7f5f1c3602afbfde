-- Automations: what they have changed (which is also how they know what was done), what they remember, and what forms bring.
-- Their runs and schedules are those of planbridge.run and planbridge.schedule, in a queue of their own.

alter table planbridge.run add column queue text not null default 'runs';
create index run_automation on planbridge.run (odoo, (steps[1]), id desc) where queue = 'automations';

create table planbridge.automation_effect (
  id bigint generated always as identity primary key,
  -- address and database of Odoo, as of the runs
  odoo text not null,
  automation text not null,
  -- of the effect within the automation; those of one run carry the run's number in front
  key text not null,
  -- ever: it happens once, whatever run asks for it; run: once in its run
  once text not null check (once in ('ever', 'run')),
  run_id bigint references planbridge.run (id) on delete set null,
  -- begun: asked for, and not known yet whether it has happened; dry: what a dry run would have done; unclear: it was begun by a
  -- try that was cut, and the next one found nothing to do
  state text not null check (state in ('begun', 'done', 'failed', 'dry', 'unclear')),
  subject text not null,
  description text not null,
  before jsonb not null default 'null',
  after jsonb not null default 'null',
  -- how it is taken up again after a crash without the automation asking for it
  replay jsonb,
  result jsonb,
  error text,
  begun_at timestamptz not null,
  done_at timestamptz
);
create unique index automation_effect_key on planbridge.automation_effect (odoo, automation, key) where state <> 'dry';
create index automation_effect_run on planbridge.automation_effect (run_id, id);
create index automation_effect_open on planbridge.automation_effect (odoo, automation) where state = 'begun';

create table planbridge.automation_state (
  odoo text not null,
  automation text not null,
  key text not null,
  value jsonb not null,
  changed_at timestamptz not null,
  primary key (odoo, automation, key)
);

-- Requests for a design, from the form of a web site.
create table planbridge.automation_lead (
  id bigint generated always as identity primary key,
  received_at timestamptz not null,
  name text not null,
  email text not null,
  phone text not null default '',
  -- address, goals, timeline and whatever else the form asks
  details jsonb not null default '{}',
  -- the same request sent again has the same
  content_hash text not null
);
create index automation_lead_received on planbridge.automation_lead (received_at);
create index automation_lead_hash on planbridge.automation_lead (content_hash, received_at);

-- Who wants to know when a product is back in stock.
create table planbridge.automation_stock_request (
  id bigint generated always as identity primary key,
  requested_at timestamptz not null,
  email text not null,
  name text not null default '',
  -- internal reference or number of the product, as the web shop calls it
  product text not null,
  served_at timestamptz
);
create unique index automation_stock_request_open on planbridge.automation_stock_request (email, product) where served_at is null;
