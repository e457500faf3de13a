-- verify/entries
-- The next entries of a log, up to a place: how many, whether one number follows the other, and whether what they name
-- stands before them. Where a retention has removed the beginning, what is not there may have stood in it: an edit and a
-- recall know the number of their message, of the others only a log that is whole can tell.
with piece as (
    select seq, kind, id, reply_to, target_id, recalled_at, body
    from messages
    where chat_id = $1 and seq > $2 and seq <= $3
    order by seq
    limit $4
),
told as (
    select
        piece.*, lag(seq, 1, $2) over (order by seq) as before,
        (
            select target.seq
            from messages as target
            where target.chat_id = $1 and target.id = coalesce(piece.reply_to, piece.target_id)
                and target.kind in ('text', 'media', 'system')
        ) as named_seq
    from piece
)
select
    count(*) as entries, max(seq) as up_to,
    count(*) filter (where kind in ('text', 'media', 'system')) as messages,
    min(before) filter (where seq <> before + 1) as gap_after,
    min(seq) filter (
        where coalesce(reply_to, target_id) is not null and (
            named_seq >= seq
            or named_seq is null and (
                $5::bigint = 1 or case when jsonb_typeof(body -> 'seq') = 'number' then (body ->> 'seq')::numeric >= $5 end
            )
        )
    ) as names_nothing,
    min(seq) filter (
        where case when kind = 'media' and recalled_at is null then jsonb_array_length(body -> 'attachments') <> (
            select count(*) from files where files.chat_id = $1 and files.message_id = told.id
        ) end
    ) as lacks_files
from told
