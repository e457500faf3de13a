-- The same in every database, whatever it was created with; and what tells whether a database is whole.

create table installed_functions (
    name text not null constraint installed_functions_pkey primary key,
    hash text not null,
    release text not null,
    installed_at timestamptz not null default now()
);
comment on table installed_functions is 'Which functions and triggers `trunkline migrate` has made here, from which text and by which version.';

-- Letters go by the rules of Unicode, not by those of the language that the database was created for: in a Turkish one the
-- small letter of I is another, in one with the locale C only English has any.
do $$
declare
    plain text;
begin
    if exists (select from pg_collation where collprovider = 'i') then
        create collation public.letters (provider = icu, locale = 'und');
        return;
    end if;
    if current_setting('server_version_num')::integer >= 170000 then
        execute 'create collation public.letters (provider = builtin, locale = ''C.UTF-8'')';
        return;
    end if;
    select collname into plain
    from pg_collation
    where collprovider = 'c' and collname in ('C.utf8', 'C.UTF-8', 'en_US.utf8')
    order by collname
    limit 1;
    if plain is null then
        raise feature_not_supported using
            message = 'this PostgreSQL knows no letters beyond English: it was built without ICU, and its system has no locale C.UTF-8',
            hint = 'use a PostgreSQL with ICU (every distribution has it), or version 17 or newer';
    end if;
    execute format('create collation public.letters from pg_catalog.%I', plain);
end
$$;

-- A text as searches and unique indexes compare it: composed, in lower case, with one small sigma (Greek has another at the
-- end of a word) and one small i. It takes the place of fold(), which an older version that runs beside still asks for; a
-- later migration drops that, and the indexes that go by it.
create function folded(content text) returns text
language sql immutable parallel safe as $$
    select case
        -- Most is English, and quickly done.
        when octet_length(content) = char_length(content) then lower(content collate "C") collate "default"
        else
            translate(lower(translate(normalize(content, nfc), 'İ', 'I') collate public.letters), 'ς', 'σ')
            collate "default"
    end
$$;

create unique index users_email_folded_key on users (folded(email));
create index users_folded_search_idx on users using gin (folded(name || ' ' || username) gin_trgm_ops);
create unique index chats_public_folded_title_key on chats (folded(title)) where visibility = 'public' and kind = 'group';
create index chats_folded_search_idx on chats using gin (folded(title || ' ' || description) gin_trgm_ops)
    where visibility = 'public' and kind = 'group';

-- Where to look for words is found anew, by the new rules.
update search_blocks set grams = null where grams is not null;
