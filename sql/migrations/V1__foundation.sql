-- What every table stands on: trigram search, and ids that sort by time.

create extension if not exists pg_trgm;

-- A text as searches compare it: in lower case, and with one small sigma, of which Greek has another at the end of a word.
create function fold(content text) returns text
language sql immutable parallel safe as $$
    select translate(lower(content), 'ς', 'σ')
$$;

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
