-- What pgbench runs as a plain insert: a transaction that counts up a chat and adds a row of 100 characters. Numbered, and
-- durable, but no question asked and no notification sent.
\set chat random(1, :chats)
begin;
update bench.chats set last_seq = last_seq + 1
where id = ('00000000-0000-7000-8000-' || lpad((:chat)::text, 12, '0'))::uuid
returning last_seq \gset
insert into bench.messages (chat_id, seq, id, sender_id, content)
values (
    ('00000000-0000-7000-8000-' || lpad((:chat)::text, 12, '0'))::uuid, :last_seq, gen_random_uuid(),
    '00000000-0000-7000-8000-000000000000',
    'bench 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 012345'
);
commit;
