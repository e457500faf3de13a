-- Attempts that are limited are counted in a table that a crash of PostgreSQL does not empty (cache is unlogged), or whoever guesses
-- passwords would begin anew. And schedules that cannot be understood are refused when they are written (check_schedule); those that
-- stand there stay.

create table throttles (
    key text not null constraint throttles_pkey primary key,
    count bigint not null constraint throttles_count_check check (count >= 0),
    expires_at timestamptz not null
);
create index throttles_expires_at_idx on throttles (expires_at);
-- A count changes the row, and no index.
alter table throttles set (fillfactor = 70);
comment on table throttles is 'Attempts that are limited (sign-ins, sign-ups, wrong passwords, mails): how often each was made in its time. A key tells nobody who it was.';
comment on column throttles.key is 'What is counted, of which kind, and a hash of the account or the address.';
comment on column throttles.count is 'How often, since the counter began.';
comment on column throttles.expires_at is 'From when on it counts from zero.';

comment on column schedules.cron is 'Minute, hour, day of the month, month, day of the week, by the clock of timezone; another shape is refused. One of cron, every_seconds and solar is set.';
comment on column schedules.timezone is 'An IANA name, such as Europe/Berlin, for cron; one that is not in pg_timezone_names is refused.';
comment on column schedules.error is 'Why it has no next time: what the database cannot see and the server can, such as a cron of 30 February.';
