-- Alice and Bob (password: trunkline1), a lobby, and a few words. Safe to repeat: what is there stays as it is.
begin;

insert into users (email, username, name, password_hash)
select person.email, person.username, person.name, '$2b$12$bkgNFd/B.oHM5qwRr5sEIetePrXRw6sO13I.OtDBQpU9rGHgrwDFO'
from (values
    ('alice@example.com', 'alice', 'Alice'),
    ('bob@example.com', 'bob', 'Bob')
) as person (email, username, name)
on conflict do nothing;

insert into user_roles (user_id, role)
select id, 'user' from users where lower(email) in ('alice@example.com', 'bob@example.com')
on conflict do nothing;

insert into chats (title, description, owner_id)
select 'Lobby', 'Where everyone meets', id from users where lower(email) = 'alice@example.com'
on conflict do nothing;

insert into members (chat_id, user_id, role)
select chats.id, chats.owner_id, 'creator'
from chats
where lower(chats.title) = 'lobby' and chats.visibility = 'public'
    and not exists (select from members where members.chat_id = chats.id and members.role = 'creator')
on conflict do nothing;

insert into members (chat_id, user_id)
select chats.id, users.id
from chats, users
where lower(chats.title) = 'lobby' and chats.visibility = 'public'
    and lower(users.email) in ('alice@example.com', 'bob@example.com')
on conflict do nothing;

-- Not "on conflict": the number of a message is taken before the conflict would be found, and leaves a gap.
insert into messages (chat_id, sender_id, content, client_id)
select chats.id, users.id, line.content, line.client_id
from (values
    (1, 'alice@example.com', 'Welcome to the lobby, Bob!', 'demo-1'),
    (2, 'bob@example.com', 'Thank you. Who else is here?', 'demo-2'),
    (3, 'alice@example.com', 'Everyone you invite.', 'demo-3')
) as line (place, email, content, client_id)
join users on lower(users.email) = line.email
join chats on lower(chats.title) = 'lobby' and chats.visibility = 'public'
where not exists (
    select from messages
    where messages.chat_id = chats.id and messages.sender_id = users.id and messages.client_id = line.client_id
)
order by line.place;

commit;
