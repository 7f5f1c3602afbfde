-- Quotes, from the question to the order; and sessions of what-if moves in the plan editor. Dates are seconds on the plan's clock.

create table planbridge.quote (
  id bigint generated always as identity primary key,
  odoo text not null,
  company text not null default '',
  -- inquiry: nothing is held; held: until a day; confirmed: until Odoo has the order
  state text not null default 'inquiry'
    check (state in ('inquiry', 'held', 'confirmed', 'ordered', 'cancelled', 'expired')),
  customer text not null default '',
  note text not null default '',
  together boolean not null default false,
  -- of each line what was asked for, as in the API
  lines jsonb not null,
  -- of each line what was promised, with chain and reasons, the last time it was asked
  promises jsonb not null,
  -- plan that promised it
  plan_id bigint,
  -- until when it is held
  until timestamptz,
  -- number of the order in Odoo that it has become
  sales_order text not null default '',
  who text not null,
  asked_at timestamptz not null,
  held_at timestamptz,
  changed_at timestamptz not null,
  changed_by text not null
);
create index quote_list on planbridge.quote (odoo, company, id desc);
create index quote_held on planbridge.quote (odoo, company, held_at) where state in ('held', 'confirmed');

create table planbridge.whatif (
  id bigint generated always as identity primary key,
  odoo text not null,
  company text not null default '',
  plan_id bigint not null,
  -- in the order in which they were made: reference, start, from, to
  moves jsonb not null default '[]',
  state text not null default 'open' check (state in ('open', 'saved', 'discarded')),
  who text not null,
  begun_at timestamptz not null,
  changed_at timestamptz not null
);
create index whatif_open on planbridge.whatif (odoo, company, who) where state = 'open';

-- What was made in Odoo under which of our references: planners' own orders end there.
create index plan_export_reference on planbridge.plan_export (reference) where name is not null;
