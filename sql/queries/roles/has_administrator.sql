select exists (
    select
    from user_roles
    join roles on roles.name = user_roles.role
    join users on users.id = user_roles.user_id
    where '*' = any (roles.permissions) and users.status = 'active'
)
