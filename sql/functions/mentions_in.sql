-- The members of a chat that a text mentions as @username, each once, in the order of the text.
--
-- Case does not matter; dots at the end are punctuation. An @ inside a word, an e-mail address or a link is none. Letters
-- of scripts that write without spaces (CJK, Thai) may stand right before and after: 你好@alice请看. Those are ranges of
-- code points, not character classes, and letters go by Unicode's rules, so that every database finds the same.
--
-- Ask only for a text that holds an @: a message without one must not pay for this. Each name is looked up by itself
-- (`lateral … limit 1`), which is as good in a chat of ten thousand as in the one of three for which it may have been planned.
create or replace function mentions_in(wanted_chat uuid, content text) returns uuid[]
language sql stable parallel safe as $$
    select coalesce(array_agg(found.id order by found.place), '{}')
    from (
        select mentioned.id, min(said.place) as place
        from regexp_matches(
            regexp_replace(content collate public.letters, '[a-z]+://[^[:space:]]+', ' ', 'gi'),
            E'(?<![a-z0-9_@\\u00c0-\\u02af\\u0370-\\u0dff\\u1e00-\\u1fff])(?<![a-z0-9_][%+-])@([a-z0-9_.]+)(?![a-z0-9_@\\u00c0-\\u02af\\u0370-\\u0dff\\u1e00-\\u1fff])',
            'gi'
        ) with ordinality as said (words, place)
        cross join lateral (
            select users.id
            from public.users
            where users.username = rtrim(lower(said.words[1] collate "C"), '.') collate "default" -- as its index has it
            limit 1
        ) as mentioned
        cross join lateral (
            select from public.members where members.chat_id = wanted_chat and members.user_id = mentioned.id limit 1
        ) as member
        group by mentioned.id
    ) as found
$$;
