-- Tasks that frePPLe was asked to run, under the key of the step that asked: a step that is taken up again asks once.

create table planbridge.frepple_task (
  key text primary key,
  server text not null,
  -- null: asked, and the answer is not known
  task_id bigint,
  asked_at timestamptz not null default now()
);
