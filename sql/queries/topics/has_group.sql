-- topics/has_group
select exists (select from topic_groups where topic = $1 and name = $2)
