select exists (
    select
    from roles
    cross join lateral (
        select
        from user_roles
        join users on users.id = user_roles.user_id
        where user_roles.role = roles.name and users.status = 'active'
        limit 1
    ) as holder
    where '*' = any (roles.permissions)
)
