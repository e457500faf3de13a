-- What every table stands on: trigram search, and ids that sort by time.

create extension if not exists pg_trgm;

-- RFC 9562 version 7: 48 bits of milliseconds, then random bits. PostgreSQL has its own from version 18 on.
create function uuid_v7() returns uuid
language sql volatile parallel safe as $$
    select encode(
        set_bit(
            set_bit(
                overlay(
                    uuid_send(gen_random_uuid())
                    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
                    from 1 for 6
                ),
                52, 1
            ),
            53, 1
        ),
        'hex'
    )::uuid
$$;
