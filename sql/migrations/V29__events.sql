-- Events: what takes place at a time, with so many tickets, and a line of those who wait for one.

create table events (
    id uuid not null default uuid_v7() constraint events_pkey primary key,
    owner_id uuid not null constraint events_owner_id_fkey references users (id) on delete cascade,
    name text not null constraint events_name_check
        check (char_length(name) between 1 and 255 and not public.is_blank(name) and public.is_line(name)),
    event_time timestamptz(3) not null constraint events_event_time_check
        check (extract(year from timezone('UTC', event_time)) between 1900 and 9997),
    timezone text not null default 'UTC',
    description text not null default ''
        constraint events_description_check check (char_length(description) <= 10000),
    duration_hours integer not null default 0
        constraint events_duration_hours_check check (duration_hours between 0 and 8760),
    duration_minutes integer not null default 0
        constraint events_duration_minutes_check check (duration_minutes between 0 and 59),
    max_tickets integer not null constraint events_max_tickets_check check (max_tickets between 0 and 1000000),
    tickets_sold integer not null default 0,
    tickets_held integer not null default 0,
    with_chat boolean not null default false,
    chat_id uuid constraint events_chat_id_fkey references chats (id),
    remind_minutes integer not null default 60
        constraint events_remind_minutes_check check (remind_minutes between 0 and 40320),
    remind_at timestamptz,
    sequence integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint events_places_check
        check (tickets_sold >= 0 and tickets_held >= 0 and tickets_sold + tickets_held <= max_tickets),
    constraint events_chat_id_key unique (chat_id)
) with (fillfactor = 80); -- room for the next version of a row when a ticket is sold, on the same page
create index events_event_time_idx on events (event_time, id);
create index events_created_at_idx on events (created_at, id);
create index events_folded_name_idx on events (folded(name), id);
create index events_folded_search_idx on events using gin (folded(name || ' ' || description) gin_trgm_ops);
create index events_owner_id_idx on events (owner_id, event_time);
create index events_remind_at_idx on events (remind_at) where remind_at is not null;
comment on table events is 'What takes place at event_time. tickets_sold and tickets_held are counted, never set: together they are never more than max_tickets.';
comment on column events.owner_id is 'Who made it, for ever: the event goes with its owner.';
comment on column events.event_time is 'When it begins, to the millisecond, as the API writes it. No ticket is sold from then on.';
comment on column events.timezone is 'The name of a time zone as IANA has it: in which the local time is shown.';
comment on column events.tickets_sold is 'The places of all tickets that are not cancelled.';
comment on column events.tickets_held is 'The places that are held for those who have waited.';
comment on column events.with_chat is 'Whether it has a chat of its own; said when it is made.';
comment on column events.chat_id is 'The private chat of the owner and of those who hold a ticket. A trigger makes it, and it ends with the event.';
comment on column events.remind_minutes is 'How long before event_time the owner and the holders are reminded; 0 for never.';
comment on column events.remind_at is 'When they are to be reminded; null once that is done, or when it is not to be done. Set by a trigger.';
comment on column events.sequence is 'Grows by one with each change of what a calendar shows. Set by a trigger.';

create table tickets (
    id uuid not null default uuid_v7() constraint tickets_pkey primary key,
    event_id uuid not null constraint tickets_event_id_fkey references events (id) on delete cascade,
    holder_id uuid not null constraint tickets_holder_id_fkey references users (id) on delete cascade,
    quantity integer not null constraint tickets_quantity_check check (quantity between 1 and 10),
    created_at timestamptz not null default now(),
    cancelled_at timestamptz,
    checked_in_at timestamptz,
    checked_in_by uuid constraint tickets_checked_in_by_fkey references users (id) on delete set null
) with (fillfactor = 90);
create index tickets_event_id_idx on tickets (event_id, created_at, id) where cancelled_at is null;
create index tickets_all_of_event_idx on tickets (event_id);
create index tickets_cancelled_at_idx on tickets (cancelled_at) where cancelled_at is not null;
create index tickets_holder_id_idx on tickets (holder_id, event_id);
create index tickets_checked_in_by_idx on tickets (checked_in_by) where checked_in_by is not null;
comment on table tickets is 'So many places at an event for holder_id. An INSERT buys them and fails where there are not so many; cancelled_at gives them back.';
comment on column tickets.cancelled_at is 'When it was given back; null while it is good. The row stays, because calendars tell of it.';
comment on column tickets.checked_in_at is 'When its holder came in; null before that.';
comment on column tickets.checked_in_by is 'Who let them in.';

create table event_waiting (
    event_id uuid not null constraint event_waiting_event_id_fkey references events (id) on delete cascade,
    user_id uuid not null constraint event_waiting_user_id_fkey references users (id) on delete cascade,
    quantity integer not null constraint event_waiting_quantity_check check (quantity between 1 and 10),
    place bigint not null,
    held_until timestamptz,
    created_at timestamptz not null default now(),
    constraint event_waiting_pkey primary key (event_id, user_id)
) with (fillfactor = 90);
create index event_waiting_user_id_idx on event_waiting (user_id);
create index event_waiting_held_until_idx on event_waiting (held_until) where held_until is not null;
-- Two parts, and no index of all places: one person's row is found by the key, whatever is known of the table when that is planned.
create index event_waiting_line_idx on event_waiting (event_id, place) where held_until is null;
create index event_waiting_holds_idx on event_waiting (event_id, place) where held_until is not null;
create index event_waiting_ends_idx on event_waiting (event_id, held_until) where held_until is not null;
comment on table event_waiting is 'The line of those who wait for a ticket of an event. An INSERT stands at its end, a DELETE gives the place up.';
comment on column event_waiting.place is 'Who has the smaller one is served before. A trigger gives the next.';
comment on column event_waiting.held_until is 'Until then so many places are held for them; null while they wait. Whoever does not take them by then is out of the line.';

comment on column event_waiting.created_at is 'Since when they wait.';
comment on column event_waiting.event_id is 'For which event.';
comment on column event_waiting.quantity is 'How many places they want.';
comment on column event_waiting.user_id is 'Who waits.';
comment on column events.created_at is 'When it was made.';
comment on column events.description is 'What it is about.';
comment on column events.duration_hours is 'How long it takes: whole hours.';
comment on column events.duration_minutes is 'And minutes.';
comment on column events.id is 'Later ones are greater.';
comment on column events.max_tickets is 'How many places there are.';
comment on column events.name is 'What it is called, on one line.';
comment on column events.updated_at is 'When something of it last changed that people see.';
comment on column tickets.created_at is 'When it was bought.';
comment on column tickets.event_id is 'For which event.';
comment on column tickets.holder_id is 'Whose it is.';
comment on column tickets.id is 'Later ones are greater.';
comment on column tickets.quantity is 'How many places.';
