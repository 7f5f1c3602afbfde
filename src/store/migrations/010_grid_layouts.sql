-- How users like their grids: columns, filter, sorting.

create table planbridge.grid_layout (
  login text not null,
  grid text not null,
  name text not null,
  layout jsonb not null,
  primary key (login, grid, name)
);
