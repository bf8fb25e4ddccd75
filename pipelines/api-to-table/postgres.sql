-- One row an order; the primary key is what makes a retried batch harmless.
create table if not exists orders (
  id text primary key,
  body jsonb not null,
  received_at timestamptz not null,
  inserted_at timestamptz not null default clock_timestamp()
);
