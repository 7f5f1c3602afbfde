-- Mapping sheets that were uploaded. The newest that is in force goes before the file; every process looks here for changes.

create table planbridge.mapping_sheet (
  id bigint generated always as identity primary key,
  content bytea not null,
  name text not null,
  who text not null,
  at timestamptz not null,
  -- ended by the next one, or by going back to the file
  in_force boolean not null default true
);
