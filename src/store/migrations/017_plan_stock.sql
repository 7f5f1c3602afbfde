-- Stock of a plan, a line per item and place.

create table planbridge.plan_stock (
  plan_id bigint not null,
  item text collate "C" not null,
  location text collate "C" not null,
  category text collate "C",
  onhand double precision not null,
  -- safety stock now, and its steps: [[date, quantity], …]
  safety double precision not null,
  safety_steps jsonb not null default '[]',
  lowest double precision not null,
  -- first time below safety stock; null = never
  missing_at bigint,
  incoming double precision not null,
  proposed double precision not null,
  outgoing double precision not null,
  -- money per unit
  cost double precision,
  primary key (plan_id, item, location)
);
