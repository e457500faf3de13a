-- RFC 9562 version 7: 48 bits of milliseconds, 12 of their fraction, then random bits. Later ids are greater; those of one
-- microsecond are in no order.
create or replace function uuid_v7() returns uuid
language sql volatile parallel safe as $$
    select (
        overlay(lpad(to_hex((extract(epoch from clock_timestamp()) * 4096000)::bigint), 15, '0') placing '7' from 13 for 0)
        || right(gen_random_uuid()::text, 17)
    )::uuid
$$;
