-- roles/has_administrator
-- In the order of user_roles_role_idx, or the one who is looked for would be looked for in the whole table: most have one
-- and the same role.
select exists (
    select
    from roles
    cross join lateral (
        select
        from user_roles
        join users on users.id = user_roles.user_id
        where user_roles.role = roles.name and users.status = 'active' and not users.is_bot and users.erased_at is null
        order by user_roles.user_id
        limit 1
    ) as holder
    where '*' = any (roles.permissions)
)
