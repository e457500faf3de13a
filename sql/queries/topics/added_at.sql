-- topics/added_at
select created_at from topic_records where topic = $1 and record_offset = $2
