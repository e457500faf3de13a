-- What: erases a person, as DELETE /api/v1/users/me and `trunkline user delete` do: psql -v email=alice@example.com -f sql/ops/erase_person.sql.
-- With -v words=clear the words and files of their messages go, too; otherwise these stay, without a name. sql/README.md
-- says what stays in any case. There is no way back.
-- Role: the owner of the tables, or trunkline_app.
-- Writes: what the function erase_user does, in one transaction; the rest is done by a job, and so by a running server.
-- Locks: the row of that person, for a moment.
\if :{?email}
\else
\warn 'Whom? psql -v email=alice@example.com [-v words=clear] -f sql/ops/erase_person.sql'
\quit
\endif
\if :{?words}
\else
\set words keep
\endif
select :'words' in ('keep', 'clear') as is_known
\gset
\if :is_known
\else
\warn 'words is keep or clear'
\quit
\endif
begin;
create temporary table erasing on commit drop as
select id, username from public.users where public.folded(email) = public.folded(:'email') and erased_at is null;
select case
    when exists (select from erasing) then 'this person is erased; their messages: ' || :'words'
    else 'nobody has the e-mail ' || :'email'
end as person;
select id, username, public.erase_user(id, :'words' = 'clear') as is_erased from erasing;
commit;
