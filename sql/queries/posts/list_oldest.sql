-- posts/list_oldest
-- The oldest first, of which only the page is read. With words ($3, as patterns) for a search that finds many: then it is full soon.
with page as (
    select id, row_number() over (order by created_at, id) as place
    from posts
    where created_at >= coalesce($1::timestamptz, '-infinity') and created_at <= coalesce($2::timestamptz, 'infinity')
        and (
            cardinality($3::text[]) = 0
            or folded(title || ' ' || content) like all (array(select folded(word) from unnest($3) as word))
        )
    order by created_at, id
    limit $5 offset $6
)
select
    posts.id, posts.owner_id, posts.title, left(posts.content, $4) as content,
    char_length(posts.content) > $4 as content_is_cut, posts.comment_count, posts.created_at, posts.updated_at
from page
cross join lateral (
    select id, owner_id, title, content, comment_count, created_at, updated_at from posts where posts.id = page.id limit 1
) as posts
order by page.place
