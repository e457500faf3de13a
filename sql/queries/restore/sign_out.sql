-- restore/sign_out
-- Ends every session and every API token, and forgets the refresh tokens; answers how many of the first two.
with ended as (
    update sessions set revoked_at = now(), revoked_because = 'restored' where revoked_at is null returning id
),
revoked as (
    update api_tokens set revoked_at = now(), revoked_because = 'restored' where revoked_at is null returning id
),
forgotten as (
    delete from refresh_tokens
)
select (select count(*) from ended) as sessions, (select count(*) from revoked) as api_tokens
