-- Tables of the shape of ours, with their indexes and checks, but without triggers and foreign keys: what plain inserts
-- are measured on by scripts/bench, in a database that is thrown away afterwards.
create schema bench;
create table bench.chats (like public.chats including all) with (fillfactor = 80);
create table bench.messages (like public.messages including all);
