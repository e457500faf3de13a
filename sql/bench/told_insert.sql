-- What pgbench runs as a plain insert that notifies.
\set chat random(1, 200)
insert into messages (chat, content) values (:chat, repeat('.', 100));
