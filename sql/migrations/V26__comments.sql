-- What each function is for stands in the catalog (\df+ in psql). Those that migrations made are told here; the others bring
-- their comment along when they are installed, and so all of them are, once more.

comment on function uuid_v7 is 'RFC 9562 version 7: 48 bits of milliseconds, then random bits. Later ids are greater; those of one millisecond are in no order.';
comment on function fold is 'Of an older version: folded() takes its place.';
comment on function folded is 'A text as searches and unique indexes compare it: composed, in lower case, with one small sigma and one small i.';
comment on function is_blank is 'Whether nothing of a text can be seen.';
comment on function is_line is 'Whether a text is one line that reads as it stands.';
comment on function one_emoji is 'The form in which an emoji is kept, with or without U+FE0F.';
comment on function search_salt is 'What the hashes of a run of the search index begin with: 12 bits of 32.';
comment on function search_gram is 'What the search index looks up for somebody who is mentioned: the other 20 bits.';
delete from installed_functions where name like 'function %';
