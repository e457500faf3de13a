-- What plain inserts that notify are measured on by scripts/bench.d/beside: the least that somebody would make for messages.
create table messages (
    id bigint generated always as identity primary key,
    chat bigint not null,
    content text not null,
    created_at timestamptz not null default now()
);
create index messages_chat_idx on messages (chat, id);
create function notify_instances() returns trigger
language plpgsql
as $$
begin
    perform pg_notify('plain', new.chat || ':' || new.id);
    return null;
end
$$;
create trigger messages_notify
after insert on messages
for each row
execute function notify_instances();
