-- Views for reports and programs of others: their columns stay as they are as long as they are called v1, whatever becomes
-- of the tables behind them. New columns may come at the end. They show nothing that is secret, and they are read as their
-- owner: who may read a view need not be allowed to read its tables.

create view api_v1_users as
select id, username, name, status, is_bot, created_at, updated_at, last_online_at
from users
where erased_at is null;

create view api_v1_chats as
select
    id, kind, visibility, title, description, owner_id, retention_days, member_count, message_count, first_seq, last_seq,
    created_at, updated_at, active_at
from chats;

create view api_v1_members as
select chat_id, user_id, role, last_read_seq, read_at, joined_at
from members;

create view api_v1_messages as
select
    chat_id, seq, id, kind, sender_id, content, reply_to, mentions,
    array(select jsonb_array_elements_text(body -> 'attachments')::uuid) as attachments,
    client_id, created_at, edited_at, recalled_at
from messages
where kind in ('text', 'media', 'system');

create view api_v1_message_facts as
select
    chat_id, seq, id, kind, sender_id, char_length(content) as characters, reply_to, cardinality(mentions) as mention_count,
    coalesce(jsonb_array_length(body -> 'attachments'), 0) as attachment_count, created_at, edited_at, recalled_at
from messages
where kind in ('text', 'media', 'system');

create view api_v1_entries as
select chat_id, seq, id, kind, sender_id as actor_id, target_id, body, created_at
from messages;

create view api_v1_reactions as
select chat_id, message_id, emoji, user_id, created_at
from reactions;

create view api_v1_pins as
select chat_id, message_id, pinned_by, pinned_at
from pins;

create view api_v1_files as
select id, owner_id, content_type, size, width, height, state, chat_id, message_id, created_at
from files;

create view api_v1_sessions as
select id, user_id, created_at, last_used_at, expires_at, revoked_at
from sessions;

create view api_v1_audit as
select id, at, actor_id, action, target, data
from audit;

comment on view api_v1_users is 'Stable. One row a person or bot, without addresses and contacts; who was erased is not in it.';
comment on view api_v1_chats is 'Stable. One row a chat, private and direct ones included.';
comment on view api_v1_members is 'Stable. One row a person in a chat.';
comment on view api_v1_messages is 'Stable. One row a message as it is now, with its words.';
comment on view api_v1_message_facts is 'Stable. The same without words: who said something where, when, and how much.';
comment on view api_v1_entries is 'Stable. One row an entry of a log: what happened, in order of seq, without words. body depends on kind.';
comment on view api_v1_reactions is 'Stable. One row an emoji of somebody at a message.';
comment on view api_v1_pins is 'Stable. One row a pinned message.';
comment on view api_v1_files is 'Stable. One row an upload, without its name.';
comment on view api_v1_sessions is 'Stable. One row a sign-in, without address and program.';
comment on view api_v1_audit is 'Stable. One row a thing done that somebody may have to answer for, without addresses.';

-- What every column is for. A column that has words already keeps them, and one that is not there any more needs none.
comment on table members is 'One row a person in a chat. An INSERT joins, a DELETE leaves; both are told in the log.';
comment on table user_roles is 'Who has which role. Every change is noted in audit, and counts on every instance within a second.';
comment on table refinery_schema_history is 'Which migrations were applied here. `trunkline migrate` reads and writes it.';
do $$
declare
    said record;
begin
    for said in
        select pg_class.oid::regclass as place, columns.name, columns.words
        from (values
            ('api_tokens', 'id', 'The token, as lists and the audit name it; not the secret.'),
            ('api_tokens', 'user_id', 'Whose it is: a program that brings it acts for this person.'),
            ('api_tokens', 'name', 'What its owner calls it.'),
            ('api_tokens', 'created_at', 'When it was made.'),
            ('api_tokens', 'expires_at', 'From when on it is refused; null: never.'),
            ('api_tokens', 'revoked_at', 'When it was ended; null while it is good.'),
            ('api_tokens', 'revoked_because', 'Why it was ended, in words.'),
            ('audit', 'id', 'The row; later ones are greater.'),
            ('audit', 'at', 'When it was done.'),
            ('audit', 'action', 'What was done, as one word such as user_suspended.'),
            ('audit', 'data', 'What else is to be known of it; its fields depend on action.'),
            ('audit', 'address', 'From which address it was done, where that is known.'),
            ('bans', 'chat_id', 'The chat.'),
            ('bans', 'user_id', 'Who may not come in.'),
            ('bans', 'banned_by', 'Who did it; null when that person is gone, or when SQL did.'),
            ('bans', 'created_at', 'Since when.'),
            ('blocks', 'user_id', 'Who wants to hear nothing.'),
            ('blocks', 'blocked_id', 'Of whom.'),
            ('blocks', 'created_at', 'Since when.'),
            ('cache', 'key', 'The name of the value.'),
            ('cache', 'value', 'The value.'),
            ('cache', 'expires_at', 'From when on it is not there.'),
            ('chats', 'id', 'The chat.'),
            ('chats', 'kind', 'group or direct.'),
            ('chats', 'visibility', 'public: anyone signed in may read and join; private: members alone know of it.'),
            ('chats', 'title', 'The title; null for a direct chat. Unique among public groups, ignoring case.'),
            ('chats', 'description', 'What the chat is about, in its own words.'),
            ('chats', 'image_key', 'Where its picture lies in the storage; null: it has none.'),
            ('chats', 'owner_id', 'Its creator; follows members by a trigger. Null for a direct chat.'),
            ('chats', 'retention_days', 'After how many days entries are forgotten; null: never.'),
            ('chats', 'last_seq', 'The number of the latest entry; 0 in an empty log. Counted, never set.'),
            ('chats', 'active_at', 'When the latest message was posted, or the chat was made.'),
            ('chats', 'created_at', 'When it was made.'),
            ('chats', 'updated_at', 'When title, description, visibility, picture, owner or retention last changed.'),
            ('ended_chats', 'chat_id', 'The chat that is gone.'),
            ('ended_chats', 'ended_at', 'When it was deleted.'),
            ('files', 'id', 'The upload. Its bytes lie under uploads/, then the last two digits of this id, then the id.'),
            ('files', 'owner_id', 'Who uploaded it; null when that person is gone.'),
            ('files', 'name', 'What its uploader called it.'),
            ('files', 'content_type', 'What its bytes are, not what its name says.'),
            ('files', 'size', 'Bytes.'),
            ('files', 'width', 'Pixels; null for what is no picture.'),
            ('files', 'height', 'Pixels; null for what is no picture.'),
            ('files', 'thumbnail_type', 'The media type of its thumbnail; null: there is none.'),
            ('files', 'thumbnail_size', 'The bytes of its thumbnail.'),
            ('files', 'chat_id', 'The chat of the message that has it.'),
            ('files', 'message_id', 'The message that has it.'),
            ('files', 'place', 'Which of the files of that message it is, from 0.'),
            ('files', 'created_at', 'When it was uploaded.'),
            ('friends', 'low_id', 'The one of the two with the smaller id.'),
            ('friends', 'high_id', 'The other one.'),
            ('friends', 'asked_by', 'Who asked.'),
            ('friends', 'created_at', 'When it was asked.'),
            ('hooks', 'id', 'The hook.'),
            ('hooks', 'chat_id', 'Where it posts.'),
            ('hooks', 'created_at', 'When it was made.'),
            ('idempotency_keys', 'user_id', 'Who sent the request.'),
            ('idempotency_keys', 'path', 'Method and path of the request.'),
            ('idempotency_keys', 'key', 'The header Idempotency-Key.'),
            ('idempotency_keys', 'request_hash', 'SHA-256 of the body: the same key with another body is refused.'),
            ('idempotency_keys', 'answer', 'What was answered; text is encrypted, because the answer held a secret.'),
            ('idempotency_keys', 'created_at', 'When it was answered.'),
            ('installed_functions', 'name', 'The function or trigger, as the catalog names it.'),
            ('installed_functions', 'hash', 'SHA-256 of the text that made it.'),
            ('installed_functions', 'release', 'The version of the program that made it.'),
            ('installed_functions', 'installed_at', 'When.'),
            ('instances', 'id', 'The instance, from its start to its end.'),
            ('instances', 'started_at', 'When it started.'),
            ('instances', 'seen_at', 'When it last said that it lives.'),
            ('invites', 'id', 'The invite.'),
            ('invites', 'chat_id', 'Into which chat it leads.'),
            ('invites', 'max_uses', 'How many may join with it; null: any number.'),
            ('invites', 'uses', 'How many have.'),
            ('invites', 'expires_at', 'From when on nobody can; null: never.'),
            ('invites', 'created_by', 'Who made it; null when that person is gone.'),
            ('invites', 'created_at', 'When.'),
            ('jobs', 'id', 'The job.'),
            ('jobs', 'task', 'What kind of work it is.'),
            ('jobs', 'status', 'queued, running, succeeded, failed or cancelled.'),
            ('jobs', 'run_at', 'Not before then.'),
            ('jobs', 'attempts', 'How often it was begun.'),
            ('jobs', 'max_attempts', 'How often it may be begun.'),
            ('jobs', 'result', 'What it came to.'),
            ('jobs', 'created_at', 'When it was queued.'),
            ('jobs', 'finished_at', 'When it had ended; null before.'),
            ('login_key_uses', 'hash', 'SHA-256 of the encrypted password.'),
            ('login_key_uses', 'used_at', 'When it was taken.'),
            ('login_keys', 'id', 'What a client names it by (key_id).'),
            ('login_keys', 'public_key', 'PEM.'),
            ('login_keys', 'created_at', 'When it was made.'),
            ('members', 'chat_id', 'The chat.'),
            ('members', 'user_id', 'Who is in it.'),
            ('members', 'role', 'creator, admin or member; a group has one creator.'),
            ('members', 'last_read_seq', 'Up to which entry this person has read; never moves back over the API.'),
            ('members', 'read_at', 'When the read mark last moved; null: never.'),
            ('members', 'joined_at', 'Since when this person is in the chat.'),
            ('messages', 'chat_id', 'The chat.'),
            ('messages', 'id', 'The entry. That of a new message is the message.'),
            ('messages', 'kind', 'text, media and system are messages; the others say what happened, such as message_edited or member_joined.'),
            ('messages', 'content', 'The words of a message, as they are now; null when there are none, or it was recalled or cleared.'),
            ('messages', 'reply_to', 'The message it answers.'),
            ('messages', 'mentions', 'Whom it names with @username; set by a trigger.'),
            ('messages', 'client_id', 'The sender''s own name for a message: the same again is the same message.'),
            ('messages', 'body', 'What else there is to say, by kind: attachments of a media message, the emoji of a reaction, up to where was cleared.'),
            ('messages', 'created_at', 'When.'),
            ('messages', 'updated_at', 'When the state of the message last changed.'),
            ('messages', 'edited_at', 'When its words were last changed; null: never.'),
            ('messages', 'recalled_at', 'When it was taken back; null: it stands.'),
            ('password_resets', 'hash', 'SHA-256 of the token in the link.'),
            ('password_resets', 'user_id', 'Whose password it sets.'),
            ('password_resets', 'created_at', 'When it was asked for.'),
            ('password_resets', 'expires_at', 'From when on the link is refused.'),
            ('permissions', 'code', 'The permission, made from method and path.'),
            ('permissions', 'is_administration', 'Whether it is left out of the role user.'),
            ('permissions', 'created_at', 'When a server first knew it.'),
            ('pictures', 'id', 'The last part of its key in the storage.'),
            ('pictures', 'size', 'Bytes.'),
            ('pictures', 'created_at', 'When it was uploaded.'),
            ('pictures', 'removed_at', 'When it was removed; null while it is shown.'),
            ('pins', 'chat_id', 'The chat.'),
            ('pins', 'message_id', 'The message.'),
            ('pins', 'pinned_by', 'Who pinned it; null when that person is gone, or when SQL did.'),
            ('pins', 'pinned_at', 'Since when.'),
            ('presences', 'instance_id', 'The instance that holds the socket.'),
            ('presences', 'user_id', 'Who is online.'),
            ('presences', 'since', 'Since when.'),
            ('reactions', 'chat_id', 'The chat.'),
            ('reactions', 'message_id', 'The message.'),
            ('reactions', 'emoji', 'One emoji in the form of one_emoji(), or a :word:.'),
            ('reactions', 'user_id', 'Whose.'),
            ('reactions', 'created_at', 'When.'),
            ('refinery_schema_history', 'version', 'The number of the migration.'),
            ('refinery_schema_history', 'name', 'Its name.'),
            ('refinery_schema_history', 'applied_on', 'When it was applied.'),
            ('refinery_schema_history', 'checksum', 'Of its text: it is never edited.'),
            ('refresh_tokens', 'hash', 'SHA-256 of the token.'),
            ('refresh_tokens', 'session_id', 'The session it goes on with.'),
            ('refresh_tokens', 'issued_at', 'When it was given out.'),
            ('refresh_tokens', 'expires_at', 'From when on it is refused.'),
            ('refresh_tokens', 'spent_at', 'When it was exchanged for another; null while it is good.'),
            ('roles', 'name', 'The role.'),
            ('roles', 'description', 'What it is for.'),
            ('roles', 'permissions', 'Permission codes; * is all of them.'),
            ('roles', 'created_at', 'When it was made.'),
            ('scheduled_messages', 'user_id', 'Who will say it.'),
            ('scheduled_messages', 'content', 'What will be said.'),
            ('scheduled_messages', 'reply_to', 'The message it will answer.'),
            ('scheduled_messages', 'attachments', 'The uploads that will come with it.'),
            ('scheduled_messages', 'send_at', 'When.'),
            ('scheduled_messages', 'failed_at', 'When it could not be sent; null while it waits.'),
            ('scheduled_messages', 'created_at', 'When it was handed in.'),
            ('search_blocks', 'chat_id', 'The chat.'),
            ('search_blocks', 'block', 'Which block of its log.'),
            ('search_ends', 'chat_id', 'The chat.'),
            ('search_ends', 'seq', 'Up to which entry search_runs goes.'),
            ('search_heads', 'chat_id', 'The chat.'),
            ('search_heads', 'seq', 'Up to which entry search_blocks goes.'),
            ('search_runs', 'chat_id', 'The chat.'),
            ('search_runs', 'run', 'Which run of its log.'),
            ('search_runs', 'since', 'When the earliest message of it was made.'),
            ('sessions', 'id', 'The session.'),
            ('sessions', 'user_id', 'Who signed in.'),
            ('sessions', 'user_agent', 'With which program.'),
            ('sessions', 'address', 'From which address.'),
            ('sessions', 'created_at', 'When.'),
            ('sessions', 'last_used_at', 'When a token of it was last used, about.'),
            ('sessions', 'expires_at', 'Until when it can go on without another sign-in.'),
            ('sessions', 'revoked_at', 'When it was ended; null while it goes on. Setting it ends the session on every instance.'),
            ('sessions', 'revoked_because', 'Why it was ended, in words.'),
            ('ticks', 'task', 'The regular task.'),
            ('ticks', 'fired_at', 'When it was last queued.'),
            ('user_roles', 'user_id', 'Who.'),
            ('user_roles', 'role', 'Has which role.'),
            ('users', 'id', 'The person.'),
            ('users', 'email', 'Where mail goes, and what one signs in with; unique ignoring case.'),
            ('users', 'username', 'What one is mentioned by: a-z, 0-9, _ and dots, unique.'),
            ('users', 'name', 'What is shown.'),
            ('users', 'bio', 'What somebody says of themselves.'),
            ('users', 'contacts', 'Encrypted with secrets.key; null or empty: none.'),
            ('users', 'avatar_key', 'Where the picture lies in the storage; null: there is none.'),
            ('users', 'password_hash', 'bcrypt of base64(SHA-256(password in NFC)).'),
            ('users', 'status', 'active or suspended. Setting suspended signs the person out everywhere.'),
            ('users', 'last_online_at', 'When a socket of theirs was last open.'),
            ('users', 'created_at', 'When the account was made.'),
            ('users', 'updated_at', 'When the profile last changed.'),
            ('webhooks', 'id', 'The webhook.'),
            ('webhooks', 'chat_id', 'Whose entries it is sent.'),
            ('webhooks', 'failed_at', 'When it last failed; null when the latest delivery arrived.'),
            ('webhooks', 'last_error', 'Why it failed, or why it is off.'),
            ('webhooks', 'created_at', 'When it was made.')
        ) as columns (relation, name, words)
        join pg_class on pg_class.relname = columns.relation and relnamespace = 'public'::regnamespace
        join pg_attribute on attrelid = pg_class.oid and attname = columns.name and not attisdropped
        where col_description(pg_class.oid, attnum) is null
    loop
        execute format('comment on column %s.%I is %L', said.place, said.name, said.words);
    end loop;
end
$$;
