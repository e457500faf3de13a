insert into search_heads (chat_id, seq)
values ($1, $2)
on conflict on constraint search_heads_pkey do update set seq = excluded.seq
