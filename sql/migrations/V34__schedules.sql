-- What is done again and again: by the clock of a place, at a pace, or by the sun. Regular tasks of the server stand here, too.

create table schedules (
    id uuid not null default uuid_v7() constraint schedules_pkey primary key,
    name text not null constraint schedules_name_check check (
        char_length(name) between 1 and 255 and not public.is_blank(name) and public.is_line(name)
    ),
    task text not null constraint schedules_task_check check (char_length(task) between 1 and 100),
    args jsonb not null default '{}',
    cron text constraint schedules_cron_check check (char_length(cron) between 1 and 255),
    every_seconds integer constraint schedules_every_seconds_check check (every_seconds between 1 and 31536000),
    solar jsonb constraint schedules_solar_check check (
        case
            when solar is null then true
            when jsonb_typeof(solar) <> 'object' then false
            when jsonb_typeof(solar -> 'latitude') is distinct from 'number' then false
            when jsonb_typeof(solar -> 'longitude') is distinct from 'number' then false
            else (solar ->> 'latitude')::numeric between -90 and 90 and (solar ->> 'longitude')::numeric between -180 and 180
                and coalesce(solar ->> 'event', '') in (
                    'sunrise', 'sunset', 'noon', 'civil_dawn', 'civil_dusk', 'nautical_dawn', 'nautical_dusk',
                    'astronomical_dawn', 'astronomical_dusk'
                )
        end
    ),
    timezone text not null default 'UTC'
        constraint schedules_timezone_check check (char_length(timezone) between 1 and 100),
    enabled boolean not null default true,
    overlap text not null default 'skip' constraint schedules_overlap_check check (overlap in ('skip', 'queue')),
    built_in boolean not null default false,
    last_run_at timestamptz,
    next_run_at timestamptz,
    planned_at timestamptz,
    error text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint schedules_rule_check check (num_nonnulls(cron, every_seconds, solar) = 1)
);
create unique index schedules_built_in_key on schedules (task) where built_in;
create index schedules_next_run_at_idx on schedules (next_run_at) where enabled;
create index schedules_unplanned_idx on schedules (id) where enabled and planned_at is null;
-- Each firing changes a row.
alter table schedules set (fillfactor = 70);

comment on table schedules is 'Jobs that are queued again and again. An INSERT, UPDATE or DELETE is live within a second; each time is one job, however many instances run.';
comment on column schedules.id is 'Which schedule it is, for ever.';
comment on column schedules.name is 'For people; two may have the same.';
comment on column schedules.task is 'What each of its jobs does.';
comment on column schedules.args is 'What each of its jobs is given.';
comment on column schedules.cron is 'Minute, hour, day of the month, month, day of the week, by the clock of timezone. One of cron, every_seconds and solar is set.';
comment on column schedules.every_seconds is 'The pace, counted from created_at.';
comment on column schedules.solar is '{"event", "latitude", "longitude"}: sunrise, sunset, noon, or the dawn or dusk that is civil, nautical or astronomical.';
comment on column schedules.timezone is 'An IANA name, such as Europe/Berlin, for cron.';
comment on column schedules.enabled is 'Whether it runs.';
comment on column schedules.overlap is 'What happens when its time has come and its last job is not over: skip, or queue another behind it.';
comment on column schedules.built_in is 'Whether it came with the program: it can be switched off, but each start of a server adds it anew where it was deleted.';
comment on column schedules.last_run_at is 'When it queued a job last.';
comment on column schedules.next_run_at is 'When it will next; null when it is switched off, or has no time to come. Set to now(), it queues one at once.';
comment on column schedules.planned_at is 'When next_run_at was reckoned; null: to be reckoned by the server.';
comment on column schedules.error is 'Why it has no next time: what is wrong with cron or timezone.';
comment on column schedules.created_at is 'When it was made.';
comment on column schedules.updated_at is 'When it was last changed by somebody.';

-- When regular tasks were last queued stands in schedules from now on.
comment on table ticks is 'Of an older version: schedules takes its place.';
