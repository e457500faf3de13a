-- The members of a chat that a text mentions as @username, each once, in the order of the text, 50 at most.
--
-- Case does not matter; a dot or dash at the end is punctuation. Before the @ stands nothing, white space, punctuation or a
-- letter of a script that writes without spaces (你好@alice请看), and behind the name the same: an @ inside a word is none, nor
-- is one in code between backticks, in a link (with its scheme, or a host with a path), in an e-mail or a @user@host.
-- What may stand beside a mention is a set of code points, not a character class, so that every database finds the same.
--
-- Ask only for a text that holds an @: a message without one must not pay for this. The text is cut at each @, and each
-- pattern looks at a piece from its beginning or goes through the text once: twice the text takes twice the time, whatever
-- it says. Each name is looked up by itself (`lateral … limit 1`), which is as good in a chat of ten thousand as in the one
-- of three for which it may have been planned.
create or replace function mentions_in(wanted_chat uuid, content text) returns uuid[]
language plpgsql stable
set enable_seqscan = off
as $$
declare
    -- White space, punctuation and symbols, but for . % + - and _, of which names and e-mails are made; Thai to Myanmar;
    -- Hangul, Khmer, Tai, Han, kana, Yi.
    beside constant text := E'\\u0002-$&-*,/:-@\\[-^`{-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u00d7\\u00f7\\u037e\\u0387'
        || E'\\u055a-\\u055f\\u0589\\u058a\\u05be\\u05c0\\u05c3\\u05c6\\u05f3\\u05f4\\u0600-\\u060f\\u061b-\\u061f\\u066a-\\u066d\\u06d4'
        || E'\\u0964\\u0965\\u0e00-\\u109f\\u10fb\\u1100-\\u11ff\\u1360-\\u1368\\u1780-\\u180a\\u1950-\\u19ff\\u1a20-\\u1aaf\\u1b00-\\u1b7f'
        || E'\\u2000-\\u2bff\\u2e00-\\ua4cf\\ua960-\\ua97c\\ua980-\\ua9ff\\uaa60-\\uaadf\\uac00-\\ufaff\\ufd3e\\ufd3f\\ufe00-\\ufe1f'
        || E'\\ufe30-\\ufe6f\\uff00-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uffff\\U0001b000-\\U0001b2ff\\U0001f000-\\U0010ffff';
    -- Where a link is over: white space, quotes, angle brackets, and the punctuation of scripts without spaces.
    link_end constant text := E'\\u0001-\\u0020\\u007f-\\u00a0\\u1680\\u2000-\\u200b\\u2018-\\u201f\\u2026-\\u202f\\u205f"<>'
        || E'\\u3000-\\u3003\\u3008-\\u3020\\ufe30-\\ufe6f\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65';
    -- A piece that begins with a name; what comes before, read backwards; what comes behind @user@.
    is_name constant text := E'^[a-z0-9_][a-z0-9_.]{1,30}[a-z0-9_]\\.*(?:$|[%+' || beside || '-])';
    -- Letters, and then % + - or _, are the beginning of an e-mail.
    is_free constant text := '^[%+_-]*(?:$|[.' || beside || '])';
    is_host constant text := '^[^!-/:-@{-~`_^' || link_end || ']';
    words text := lower(content collate "C");
begin
    if position('`' in words) > 0 then
        words := regexp_replace(
            words, E'```(?:[^`]|`{1,2}[^`])*```|``(?:[^`\n]|`[^`\n])+``|`[^`\n]+`', ' ', 'g'
        );
    end if;
    -- What has the look of a mention is passed over: the slash behind @anna.b/ begins no path. Brackets at the end of a link
    -- stand around it.
    if position('/' in words) > 0 then
        words := regexp_replace(
            words,
            E'(@[a-z0-9_.]+)|(?:://|[a-z0-9-]\\.[a-z]{2,}(?::[0-9]{1,5})?/)'
                || E'(?:[^)\\]}' || link_end || E']|[)\\]}][)\\]}.,;:!?]*[^@)\\]}.,;:!?' || link_end || '])*',
            E'\\1', 'g'
        );
    end if;
    -- Two are none; and what stands for them is no mark that a name may stand beside.
    if position('@@' in words) > 0 then
        words := regexp_replace(words, '@@+', E'\u0001', 'g');
    end if;
    return array(
        select person.id
        from (
            select substring(said.piece from '^[a-z0-9_][a-z0-9_.]+[a-z0-9_]') as name, min(said.place) as place
            from (
                select place, piece, lag(piece) over () as before, lead(piece) over () as after
                from unnest(string_to_array(words, '@')) with ordinality as pieces (piece, place)
            ) as said
            where said.piece ~ is_name
                and said.place > 1
                and (
                    reverse(said.before) ~ is_free
                    -- @anna-@bob names two.
                    or (said.place > 2 and said.before ~ '^[a-z0-9_][a-z0-9_.]*[%+-]+$')
                )
                -- @user@host
                and not (
                    coalesce(said.after, '') ~ is_host
                    and said.piece ~ '^[a-z0-9_.%+-]*[a-z0-9_]$'
                )
            group by 1
            order by 2
            limit 200 -- so many are looked up
        ) as names
        cross join lateral (
            select users.id from public.users where users.username = names.name collate "default" limit 1
        ) as person
        cross join lateral (
            select from public.members where members.chat_id = wanted_chat and members.user_id = person.id limit 1
        ) as member
        order by names.place
        limit 50
    );
end
$$;
