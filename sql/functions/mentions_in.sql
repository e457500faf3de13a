-- The members of a chat that a text mentions as @username, each once, in the order of the text.
--
-- Case does not matter; dots at the end are punctuation. An @ inside a word, an e-mail address or a link is none. Letters
-- of scripts that write without spaces (CJK, Thai) may stand right before and after: 你好@alice请看. Those are ranges of
-- code points, not character classes, so that every collation finds the same.
--
-- Ask only for a text that holds an @: a message without one must not pay for this.
create or replace function mentions_in(wanted_chat uuid, content text) returns uuid[]
language sql stable parallel safe as $$
    select coalesce(array_agg(found.user_id order by found.place), '{}')
    from (
        select members.user_id, min(said.place) as place
        from regexp_matches(
            regexp_replace(content, '[a-z]+://[^\s]+', ' ', 'gi'),
            '(?<![a-z0-9_@\u00c0-\u02af\u0370-\u0dff\u1e00-\u1fff])(?<![a-z0-9_][%+\-])@([a-z0-9_.]+)(?![a-z0-9_@\u00c0-\u02af\u0370-\u0dff\u1e00-\u1fff])',
            'gi'
        ) with ordinality as said (words, place)
        join users on users.username = rtrim(lower(said.words[1]), '.')
        join members on members.chat_id = wanted_chat and members.user_id = users.id
        group by members.user_id
    ) as found
$$;
