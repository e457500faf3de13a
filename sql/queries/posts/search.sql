-- posts/search
-- Those in which every word occurs, for a search that finds few. $3 are the words as patterns; $7 is the longest of them, by itself, since
-- posts_folded_search_idx finds one pattern but not "all of these". $8 is the order, a field or with - the other way round.
with found as materialized (
    select id, created_at, title
    from posts
    where folded(title || ' ' || content) like folded($7)
        and folded(title || ' ' || content) like all (array(select folded(word) from unnest($3::text[]) as word))
        and ($1::timestamptz is null or created_at >= $1) and ($2::timestamptz is null or created_at <= $2)
),
page as (
    select id, created_at, title
    from found
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
