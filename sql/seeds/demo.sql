-- A small town to try things out in: five people (password: trunkline1), three chats, what they said there, and an event. Safe to
-- repeat: what is there stays as it is. `trunkline seed` runs this file.
begin;

create temporary table town_people (email text, username text, name text, bio text) on commit drop;
insert into town_people values
    ('alice@example.com', 'alice', 'Alice', 'Keeps the lobby tidy.'),
    ('bob@example.com', 'bob', 'Bob', ''),
    ('carol@example.com', 'carol', 'Carol', 'Tomatoes, mostly.'),
    ('dave@example.com', 'dave', 'Dave', ''),
    ('erin@example.com', 'erin', 'Erin', 'Reads on trains.');

insert into users (email, username, name, bio, password_hash)
select email, username, name, bio, '$2b$12$bkgNFd/B.oHM5qwRr5sEIetePrXRw6sO13I.OtDBQpU9rGHgrwDFO'
from town_people
on conflict do nothing;

insert into user_roles (user_id, role)
select users.id, 'user'
from users
join town_people on town_people.email = folded(users.email)
on conflict do nothing;

create temporary table town_chats (title text, visibility text, description text, creator text) on commit drop;
insert into town_chats values
    ('Book club', 'private', 'One book a month', 'bob@example.com'),
    ('Kitchen garden', 'public', 'What grows, and what does not', 'carol@example.com'),
    ('Lobby', 'public', 'Where everyone meets', 'alice@example.com');

insert into chats (title, visibility, description, owner_id)
select town_chats.title, town_chats.visibility, town_chats.description, users.id
from town_chats
join users on folded(users.email) = town_chats.creator
where not exists (
    select from chats where folded(chats.title) = folded(town_chats.title) and chats.owner_id = users.id
)
on conflict do nothing;

-- A public chat of that title may be somebody else's: then that is where they meet.
create temporary table town on commit drop as
select town_chats.title, town_chats.creator, chats.id
from town_chats
join users on folded(users.email) = town_chats.creator
join chats on folded(chats.title) = folded(town_chats.title) and chats.kind = 'group'
    and (chats.owner_id = users.id or (chats.visibility = 'public' and town_chats.visibility = 'public'));

insert into members (chat_id, user_id, role)
select town.id, chats.owner_id, 'creator'
from town
join chats on chats.id = town.id
where not exists (select from members where members.chat_id = town.id and members.role = 'creator')
on conflict do nothing;

insert into members (chat_id, user_id)
select town.id, users.id
from (values
    ('Book club', 'alice@example.com'),
    ('Book club', 'erin@example.com'),
    ('Kitchen garden', 'alice@example.com'),
    ('Kitchen garden', 'dave@example.com'),
    ('Lobby', 'alice@example.com'),
    ('Lobby', 'bob@example.com'),
    ('Lobby', 'carol@example.com'),
    ('Lobby', 'dave@example.com'),
    ('Lobby', 'erin@example.com')
) as member (title, email)
join town on town.title = member.title
join users on folded(users.email) = member.email
on conflict do nothing;

create temporary table town_lines (place integer, title text, email text, client_id text, content text, answers text)
    on commit drop;
insert into town_lines values
    (1, 'Lobby', 'alice@example.com', 'demo-1', 'Welcome to the lobby, Bob!', null),
    (2, 'Lobby', 'bob@example.com', 'demo-2', 'Thank you. Who else is here?', 'demo-1'),
    (3, 'Lobby', 'alice@example.com', 'demo-3', 'Everyone you invite.', 'demo-2'),
    (4, 'Lobby', 'carol@example.com', 'demo-4', 'And some who came by themselves. Hello @bob!', null),
    (5, 'Lobby', 'dave@example.com', 'demo-5', 'The kettle is on in the kitchen on the second flor.', null),
    (6, 'Lobby', 'erin@example.com', 'demo-6', '大家好!', null),
    (7, 'Kitchen garden', 'carol@example.com', 'demo-1', 'First frost expected on Thursday: cover the tomatoes.', null),
    (8, 'Kitchen garden', 'dave@example.com', 'demo-2', 'Mine are in already. @alice, do you need fleece?', 'demo-1'),
    (9, 'Kitchen garden', 'alice@example.com', 'demo-3', 'Two metres would be lovely.', 'demo-2'),
    (10, 'Kitchen garden', 'dave@example.com', 'demo-4', 'It hangs on your gate.', 'demo-3'),
    (11, 'Book club', 'bob@example.com', 'demo-1', 'Votes for May? I have "The Summer Book" and "Piranesi".', null),
    (12, 'Book club', 'erin@example.com', 'demo-2', 'Piranesi. It fits into one train ride.', 'demo-1'),
    (13, 'Book club', 'alice@example.com', 'demo-3', 'Piranesi, then. @erin brings cake.', 'demo-2');

-- Not "on conflict": the number of a message is taken before the conflict would be found, and leaves a gap. One by one,
-- since an answer names the message before it.
do $$
declare
    line record;
begin
    for line in
        select town.id as chat_id, users.id as sender_id, said.*
        from town_lines as said
        join town on town.title = said.title
        join users on folded(users.email) = said.email
        order by said.place
    loop
        insert into messages (chat_id, sender_id, content, client_id, reply_to)
        select
            line.chat_id, line.sender_id, line.content, line.client_id,
            (
                select answered.id
                from town_lines as before
                join users on folded(users.email) = before.email
                join messages as answered
                    on answered.chat_id = line.chat_id and answered.sender_id = users.id
                    and answered.client_id = before.client_id
                where before.title = line.title and before.client_id = line.answers
            )
        where not exists (
            select from messages
            where messages.chat_id = line.chat_id and messages.sender_id = line.sender_id
                and messages.client_id = line.client_id
        );
    end loop;
end
$$;

update messages
set content = 'The kettle is on in the kitchen on the second floor.'
from town
where town.title = 'Lobby' and messages.chat_id = town.id and messages.client_id = 'demo-5'
    and messages.content = 'The kettle is on in the kitchen on the second flor.';

insert into reactions (chat_id, message_id, user_id, emoji)
select town.id, messages.id, users.id, reaction.emoji
from (values
    ('Lobby', 'demo-5', 'alice@example.com', '☕'),
    ('Lobby', 'demo-5', 'carol@example.com', '☕'),
    ('Lobby', 'demo-6', 'bob@example.com', '👋'),
    ('Kitchen garden', 'demo-4', 'alice@example.com', '❤️'),
    ('Book club', 'demo-3', 'erin@example.com', '🎂')
) as reaction (title, client_id, email, emoji)
join town on town.title = reaction.title
join town_lines on town_lines.title = reaction.title and town_lines.client_id = reaction.client_id
join users as sender on folded(sender.email) = town_lines.email
join messages on messages.chat_id = town.id and messages.sender_id = sender.id
    and messages.client_id = reaction.client_id and messages.recalled_at is null
join users on folded(users.email) = reaction.email
order by town.id, messages.seq
on conflict do nothing;

insert into pins (chat_id, message_id, pinned_by)
select town.id, messages.id, users.id
from town
join messages on messages.chat_id = town.id and messages.client_id = 'demo-1' and messages.recalled_at is null
join users on users.id = messages.sender_id and folded(users.email) = town.creator
where town.title = 'Kitchen garden'
on conflict do nothing;

-- An afternoon in a week, with a few places left.
insert into events (owner_id, name, event_time, timezone, description, duration_hours, max_tickets)
select
    id, 'Open garden', timezone('Europe/Berlin', date_trunc('day', timezone('Europe/Berlin', now())) + make_interval(days => 7, hours => 15)),
    'Europe/Berlin', 'Tea, cake, and more courgettes than anybody can carry.', 3, 20
from users
where folded(email) = 'carol@example.com' and not exists (
    select from events where events.owner_id = users.id and events.name = 'Open garden'
);
insert into tickets (event_id, holder_id, quantity)
select events.id, users.id, ticket.quantity
from (values ('alice@example.com', 2), ('dave@example.com', 1)) as ticket (email, quantity)
join users on folded(users.email) = ticket.email
join events on events.name = 'Open garden' and events.event_time > now()
join users as owner on owner.id = events.owner_id and folded(owner.email) = 'carol@example.com'
where not exists (select from tickets where tickets.event_id = events.id and tickets.holder_id = users.id);

commit;
