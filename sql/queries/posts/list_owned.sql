-- posts/list_owned
-- Those of one person ($7), found by posts_owner_id_idx. $8 is the order, a field or with - the other way round.
with page as (
    select id, created_at, title
    from posts
    where owner_id = $7
        and created_at >= coalesce($1::timestamptz, '-infinity') and created_at <= coalesce($2::timestamptz, 'infinity')
        and (
            cardinality($3::text[]) = 0
            or folded(title || ' ' || content) like all (array(select folded(word) from unnest($3) as word))
        )
    order by
        case when $8::text = 'created_at' then created_at end,
        case when $8 = '-created_at' then created_at end desc,
        case when $8 = 'title' then folded(title) end,
        case when $8 = '-title' then folded(title) end desc,
        id desc
    limit $5 offset $6
)
select
    posts.id, posts.owner_id, posts.title, left(posts.content, $4) as content,
    char_length(posts.content) > $4 as content_is_cut, posts.comment_count, posts.created_at, posts.updated_at
from page
cross join lateral (
    select id, owner_id, title, content, comment_count, created_at, updated_at from posts where posts.id = page.id limit 1
) as posts
order by
    case when $8 = 'created_at' then page.created_at end,
    case when $8 = '-created_at' then page.created_at end desc,
    case when $8 = 'title' then folded(page.title) end,
    case when $8 = '-title' then folded(page.title) end desc,
    page.id desc
