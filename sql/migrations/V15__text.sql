-- What can be seen, what is one line, and which emoji are one: the same in the tables as over the API.

-- Whether nothing of a text can be seen: nothing but white space, control characters, what is ignored where it can not be
-- shown (Unicode's Default_Ignorable_Code_Point), and the fillers of Hangul and Braille.
create function is_blank(content text) returns boolean
language sql immutable parallel safe as $$
    select (content collate "C") !~ (
        E'[^\\u0001-\\u0020\\u007f-\\u00a0\\u00ad\\u034f\\u061c\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u180b-\\u180f\\u2000-\\u200f'
        || E'\\u2028-\\u202f\\u205f-\\u206f\\u2800\\u3000\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufff8\\U0001bca0-\\U0001bca3'
        || E'\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff]'
    )
$$;

-- Whether a text is one line that reads as it stands: no control character, no line or paragraph separator, and nothing that
-- turns the direction of what follows (`gpj.exe` must not look like `exe.jpg`).
create function is_line(content text) returns boolean
language sql immutable parallel safe as $$
    select (content collate "C") !~ E'[\\u0001-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]'
$$;

-- The form in which an emoji is kept, since keyboards differ in U+FE0F: behind each character that would else be shown as
-- text, unless a skin tone follows, and nowhere else (what emoji-test.txt calls fully-qualified). A :word: is composed.
create function one_emoji(emoji text) returns text
language sql immutable parallel safe as $$
    select case
        when emoji like ':%' then normalize(emoji, nfc)
        else regexp_replace(
            regexp_replace(
                translate(emoji, E'\ufe0f', '') collate "C",
                E'(['
                || E'\\u00a9\\u00ae\\u203c\\u2049\\u2122\\u2139\\u2194-\\u2199\\u21a9\\u21aa\\u2328\\u23cf\\u23ed-\\u23ef\\u23f1'
            || E'\\u23f2\\u23f8-\\u23fa\\u24c2\\u25aa\\u25ab\\u25b6\\u25c0\\u25fb\\u25fc\\u2600-\\u2604\\u260e\\u2611\\u2618'
            || E'\\u261d\\u2620\\u2622\\u2623\\u2626\\u262a\\u262e\\u262f\\u2638-\\u263a\\u2640\\u2642\\u265f\\u2660\\u2663'
            || E'\\u2665\\u2666\\u2668\\u267b\\u267e\\u2692\\u2694-\\u2697\\u2699\\u269b\\u269c\\u26a0\\u26a7\\u26b0\\u26b1'
            || E'\\u26c8\\u26cf\\u26d1\\u26d3\\u26e9\\u26f0\\u26f1\\u26f4\\u26f7-\\u26f9\\u2702\\u2708\\u2709\\u270c\\u270d'
            || E'\\u270f\\u2712\\u2714\\u2716\\u271d\\u2721\\u2733\\u2734\\u2744\\u2747\\u2763\\u2764\\u27a1\\u2934\\u2935'
            || E'\\u2b05-\\u2b07\\u3030\\u303d\\u3297\\u3299\\U0001f170\\U0001f171\\U0001f17e\\U0001f17f\\U0001f202'
            || E'\\U0001f237\\U0001f321\\U0001f324-\\U0001f32c\\U0001f336\\U0001f37d\\U0001f396\\U0001f397'
            || E'\\U0001f399-\\U0001f39b\\U0001f39e\\U0001f39f\\U0001f3cb-\\U0001f3ce\\U0001f3d4-\\U0001f3df\\U0001f3f3'
            || E'\\U0001f3f5\\U0001f3f7\\U0001f43f\\U0001f441\\U0001f4fd\\U0001f549\\U0001f54a\\U0001f56f\\U0001f570'
            || E'\\U0001f573-\\U0001f579\\U0001f587\\U0001f58a-\\U0001f58d\\U0001f590\\U0001f5a5\\U0001f5a8\\U0001f5b1'
            || E'\\U0001f5b2\\U0001f5bc\\U0001f5c2-\\U0001f5c4\\U0001f5d1-\\U0001f5d3\\U0001f5dc-\\U0001f5de\\U0001f5e1'
            || E'\\U0001f5e3\\U0001f5e8\\U0001f5ef\\U0001f5f3\\U0001f5fa\\U0001f6cb\\U0001f6cd-\\U0001f6cf'
            || E'\\U0001f6e0-\\U0001f6e5\\U0001f6e9\\U0001f6f0\\U0001f6f3'
                || E'])(?![\\ufe0e\\U0001f3fb-\\U0001f3ff])',
                E'\\1\ufe0f', 'g'
            ),
            E'^([0-9#*])\u20e3$', E'\\1\ufe0f\u20e3'
        ) collate "default"
    end
$$;

-- Names and titles from before are made so: what can not stand in a line becomes a space, and who had nothing to be seen is
-- called by their username.
update users
set name = seen.name
from (
    select users.id, case when public.is_blank(line.name) then users.username else line.name end as name
    from users
    cross join lateral (
        select btrim(translate(
            regexp_replace(users.name collate "C", E'[\\u0001-\\u001f\\u007f-\\u009f\\u2028\\u2029]+', ' ', 'g'),
            E'\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069', ''
        )) collate "default" as name
    ) as line
    where public.is_blank(users.name) or not public.is_line(users.name)
) as seen
where users.id = seen.id;

do $$
declare
    chat record;
    line text;
begin
    for chat in
        select id, title, visibility = 'public' and kind = 'group' as is_public
        from public.chats
        where title is not null and (public.is_blank(title) or not public.is_line(title))
        order by id
    loop
        line := btrim(translate(
            regexp_replace(chat.title collate "C", E'[\\u0001-\\u001f\\u007f-\\u009f\\u2028\\u2029]+', ' ', 'g'),
            E'\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069', ''
        )) collate "default";
        if public.is_blank(line) then
            line := 'Untitled';
        end if;
        -- Of two that are alike now, the later one is told by its id.
        if chat.is_public and exists (
            select from public.chats
            where visibility = 'public' and kind = 'group' and public.folded(title) = public.folded(line) and id <> chat.id
        ) then
            line := left(line, 210) || ' (' || chat.id || ')';
        end if;
        update public.chats set title = line where id = chat.id;
    end loop;
end
$$;

update api_tokens set name = 'token' where public.is_blank(name) or not public.is_line(name);
update files set name = 'file' where public.is_blank(name) or not public.is_line(name);

-- A dot at the end of a username is the end of a sentence to whoever reads a mention: such people are called with _ there.
do $$
declare
    person record;
    stem text;
    free text;
begin
    for person in select id, username from public.users where username ~ '^[.]|[.]$' order by id loop
        stem := btrim(person.username, '.');
        free := repeat('_', char_length(substring(person.username from '^[.]*'))) || stem
            || case when stem <> '' then repeat('_', char_length(substring(person.username from '[.]*$'))) else '' end;
        while exists (select from public.users where username = free) loop
            free := left(free, 24) || '_' || (100000 + floor(random() * 900000))::integer;
        end loop;
        update public.users set username = free where id = person.id;
    end loop;
end
$$;

alter table users
    drop constraint users_name_check,
    add constraint users_name_check
        check (char_length(name) between 1 and 255 and not public.is_blank(name) and public.is_line(name)),
    drop constraint users_username_check,
    add constraint users_username_check check (username ~ '^[a-z0-9_][a-z0-9_.]{1,30}[a-z0-9_]$');
alter table chats
    drop constraint chats_title_check,
    add constraint chats_title_check check (
        kind = 'direct'
        or (title is not null and char_length(title) between 1 and 255 and not public.is_blank(title) and public.is_line(title))
    );
alter table api_tokens
    drop constraint api_tokens_name_check,
    add constraint api_tokens_name_check
        check (char_length(name) between 1 and 255 and not public.is_blank(name) and public.is_line(name));
alter table files
    drop constraint files_name_check,
    add constraint files_name_check
        check (char_length(name) between 1 and 255 and not public.is_blank(name) and public.is_line(name));

-- Reactions that are one now: those in another form are given anew, unless the same person stands by both, and taken back.
-- Both are told like any, so whoever reads the log comes to what is there.
insert into reactions (chat_id, message_id, emoji, user_id, created_at, since)
select reactions.chat_id, reactions.message_id, other.kept, reactions.user_id, reactions.created_at, reactions.since
from reactions
join (
    select emoji, public.one_emoji(emoji) as kept from (select distinct emoji from reactions) as each
) as other on other.emoji = reactions.emoji and other.kept <> other.emoji and char_length(other.kept) between 1 and 64
order by reactions.chat_id, reactions.created_at, reactions.user_id
on conflict do nothing;
delete from reactions
using (
    select emoji, public.one_emoji(emoji) as kept from (select distinct emoji from reactions) as each
) as other
where other.emoji = reactions.emoji and other.kept <> other.emoji and char_length(other.kept) between 1 and 64;
